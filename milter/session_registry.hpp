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
  std::uint32_t door_connection = 0;  // of the SASL door, that the AUTH came over

  friend bool operator==(const SessionQuery&, const SessionQuery&) = default;
};

struct Candidate {
  SessionId session;
  ConnectionTuple tuple;
  bool certain;  // the AUTH came from this session and no other: the MTA named the client's port or the
                 // process
  bool sole;     // that, or no other connection can be meant: none that has passed, and none was refused here
};

// No I/O. Thread safe: the doors call it from many threads at once, and no call waits for more than other
// calls.
class SessionRegistry {
 public:
  enum class Marking { marked, already_passed, superseded, closed };

  // Beyond the maximum no session is opened: what those of others know is not given up for a new one.
  explicit SessionRegistry(std::size_t maximum = 100'000) noexcept : maximum_(maximum) {}

  // Sessions that are open already stay.
  void set_maximum(std::size_t maximum);

  // Empty: the registry is full, and an AUTH of this connection will find nothing. Then close_refused() is to
  // be called when the connection ends: until then any AUTH may have come from it.
  [[nodiscard]] std::optional<SessionId> open(const OpenSession& session);
  void close_refused();

  // The sessions that the AUTH may have come from, newest first. What both sides know must be the same. A
  // process serves one connection at a time, and a client's port is of one connection at a time: of the
  // sessions that have it only the newest is one, and then the only one. Where nothing is certain, a session
  // that has passed is no candidate, so that a signature seen on it is of no use to another connection from
  // that address. But it is open: its client may sign again after STARTTLS, or send anything. So the one that
  // is left is not the sole one.
  [[nodiscard]] std::vector<Candidate> candidates(const SessionQuery& query) const;

  // The client's end, when the request can mean but one connection, whether it has passed or not.
  [[nodiscard]] std::optional<Endpoint> only_client(const SessionQuery& query) const;

  // To be called for each AUTH of this session. How many there were, this one counted; 0: it is closed.
  [[nodiscard]] unsigned next_attempt(SessionId session);

  // Says of a session what an AUTH led to. The one that came last counts (Authentication::number), even when
  // it is done first: an MTA that gave up on the one before has not heard what became of that. But a pass
  // stays when it is not certain that the later AUTH came from this session (Candidate::certain).
  Marking mark(SessionId session, Authentication authentication, bool certain = false);

  // What was last marked; empty when nothing was, or the session is closed.
  [[nodiscard]] std::optional<Authentication> authentication(SessionId session) const;

  // Forgets the session; the same as authentication() just before. Closing twice does nothing.
  std::optional<Authentication> close(SessionId session);

  [[nodiscard]] std::size_t size() const;
  // True: connections are open that were refused here.
  [[nodiscard]] bool incomplete() const;

 private:
  struct Entry {
    SessionId id;
    OpenSession session;
    std::optional<Authentication> authentication{};
    unsigned attempts = 0;

    [[nodiscard]] bool passed() const noexcept;
    // The connection as far as both know it, of one that may be meant; empty when they differ or it is not
    // known in full.
    [[nodiscard]] std::optional<ConnectionTuple> tuple(const SessionQuery& query) const;
  };

  // What rules a session out before it is looked at: of an address there can be many.
  struct OfClient {
    Entry* entry;
    std::optional<std::uint32_t> process;
    std::uint16_t port;

    [[nodiscard]] bool may_be(const SessionQuery& query) const noexcept;
  };

  enum class Passed { included, left_out };
  [[nodiscard]] std::vector<Candidate> matching(const SessionQuery& query, Passed passed) const;

  mutable std::mutex mutex_;
  std::size_t maximum_;
  std::size_t refused_ = 0;  // and still open
  std::uint64_t last_ = 0;
  std::unordered_map<SessionId, Entry> entries_;
  std::map<IpAddress, std::vector<OfClient>> by_client_;  // oldest first
};

}  // namespace tecs
