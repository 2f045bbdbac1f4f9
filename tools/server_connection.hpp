// A connection to a mail server, as `tecs probe` needs it, and how one is made. Passed in, so that tests play
// the server.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "smtp/tls_plan.hpp"
#include "tecs/clock.hpp"
#include "tecs/connection_tuple.hpp"
#include "tecs/error.hpp"

namespace tecs {

// Each call takes no longer than the connection's time-out. After a failure there is nothing to be done but
// to let it go. One thread.
class ServerConnection {
 public:
  ServerConnection() = default;
  ServerConnection(const ServerConnection&) = delete;
  ServerConnection& operator=(const ServerConnection&) = delete;
  virtual ~ServerConnection() = default;

  // As this host sees it.
  [[nodiscard]] virtual const ConnectionTuple& tuple() const = 0;
  // What came, a bounded piece. Fails with io_error when nothing comes in time, or nothing more at all; the
  // sentence is a clause.
  [[nodiscard]] virtual Expected<std::string> receive() = 0;
  [[nodiscard]] virtual Expected<void> send(std::string_view octets) = 0;
  // Says in a sentence what came of it: version, and what is known of the certificate.
  [[nodiscard]] virtual Expected<std::string> start_tls(const TlsPlan& plan) = 0;
};

// Plain value.
struct ConnectionOrder {
  Endpoint server;
  std::optional<IpAddress> source;    // none: as the kernel chooses
  std::chrono::milliseconds timeout;  // of each step: connecting, one piece received or sent, the handshake
};

// One thread.
struct ServerNetwork {
  std::function<std::string()> host_name;
  // As programs of this machine see them, in the order in which they are to be tried; never empty.
  std::function<Expected<std::vector<IpAddress>>(const std::string& host)> addresses;
  std::function<Expected<std::unique_ptr<ServerConnection>>(const ConnectionOrder&)> connect;
};

// The real one. The clock must outlive it. From connect on, which fails with io_error, SIGPIPE is ignored.
[[nodiscard]] ServerNetwork real_server_network(const Clock& clock);

}  // namespace tecs
