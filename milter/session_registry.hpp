// The SMTP connections that are open, as the milter door knows them, for the SASL door to find: the Dovecot
// protocol names a client's address but not its port (DESIGN section 3).
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "milter/authentication.hpp"
#include "tecs/connection_tuple.hpp"
#include "tecs/endpoint.hpp"

namespace tecs {

enum class SessionId : std::uint64_t {};

// What the MTA told the milter of a connection.
struct OpenSession {
  Endpoint client;
  std::optional<Endpoint> server;        // empty: the MTA did not say
  std::optional<std::uint32_t> process;  // of the MTA, that serves this connection and no other at the time
};

// What the MTA told the SASL door of the connection that an AUTH came from. Empty: it did not say.
struct SessionQuery {
  std::optional<IpAddress> client;
  std::optional<std::uint16_t> client_port;
  std::optional<IpAddress> server;
  std::optional<std::uint16_t> server_port;
  std::optional<std::uint32_t> process;

  friend bool operator==(const SessionQuery&, const SessionQuery&) = default;
};

struct Candidate {
  SessionId session;
  ConnectionTuple tuple;
};

// No I/O. Thread safe: the doors call it from many threads at once, and no call waits for more than other
// calls.
class SessionRegistry {
 public:
  enum class Marking { marked, already_passed, closed };

  [[nodiscard]] SessionId open(const OpenSession& session);

  // The sessions that the AUTH may have come from, newest first. What both sides know must be the same. A
  // session that has passed is none of them, so that a signature seen on it is of no use to another
  // connection from that address. A process serves one connection at a time: of its sessions only the newest
  // is one.
  [[nodiscard]] std::vector<Candidate> candidates(const SessionQuery& query) const;

  // Says of a session what an AUTH led to; the last counts, but a pass stays.
  Marking mark(SessionId session, Authentication authentication);

  // What was last marked; empty when nothing was, or the session is closed.
  [[nodiscard]] std::optional<Authentication> authentication(SessionId session) const;

  // Forgets the session; the same as authentication() just before. Closing twice does nothing.
  std::optional<Authentication> close(SessionId session);

  [[nodiscard]] std::size_t size() const;

 private:
  struct Entry {
    OpenSession session;
    std::optional<Authentication> authentication;

    [[nodiscard]] bool passed() const noexcept;
    // The connection as far as both know it; empty when they differ or it is not known in full.
    [[nodiscard]] std::optional<ConnectionTuple> tuple(const SessionQuery& query) const;
  };

  mutable std::mutex mutex_;
  std::uint64_t last_ = 0;
  std::unordered_map<SessionId, Entry> entries_;
  std::map<IpAddress, std::vector<SessionId>> by_client_;  // oldest first
};

}  // namespace tecs
