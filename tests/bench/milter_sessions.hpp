// SMTP connections that tecs-milter is told of as Postfix does it: one connection to the milter's door for
// each, with the client's port in the connect event and the server's end in the macros.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tecs/adapters/door_address.hpp"
#include "tecs/connection_tuple.hpp"
#include "unit/milter/mta.hpp"

namespace tecs::bench {

struct SmtpConnection {
  ConnectionTuple tuple;                 // IPv4
  std::optional<std::uint32_t> process;  // that the tie between the doors tells the milter ({tecs_pid})
};

// Connections to 198.51.100.25:25, from so many addresses of the network in turn. Those of two networks are
// different connections, whose signatures are no replays of each other.
struct ConnectionPlan {
  std::size_t count;
  std::size_t addresses;  // 65,535 at most
  std::uint8_t network;   // 10.<network>.0.0/16
  bool tied;              // each is of a process of its own
};
[[nodiscard]] std::vector<SmtpConnection> make_connections(const ConnectionPlan& plan);

// They are open as long as this lives. Throws when the door does not take one.
class MilterSessions {
 public:
  MilterSessions(const DoorAddress& door, const std::vector<SmtpConnection>& connections);

 private:
  std::vector<test::Mta> open_;
};

}  // namespace tecs::bench
