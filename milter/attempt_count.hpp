// Counts AUTH commands of connections that the milter does not know, by their end points. Those that it knows
// are counted in the SessionRegistry.
#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <map>
#include <mutex>

#include "tecs/clock.hpp"
#include "tecs/connection_tuple.hpp"

namespace tecs {

// Thread safe. The clock must outlive this. Memory is bounded: the connection whose first attempt is longest
// ago is forgotten first, which only gives it further attempts; who made ten thousand connections for that
// could have had them there.
//
// Nobody says when such a connection ends, and its client's port may be used again. So the count begins anew
// some time after the first attempt, however often there was another: a client that comes back over the same
// port again and again is not shut out. Two minutes are enough for attempts that each wait for a slow DNS.
// And a client's port is rarely free for the same server before a minute has passed since the connection
// ended (TIME-WAIT of Linux; RFC 9293 section 3.4.2 has four), so that hardly ever more than two connections
// are counted as one. Who stays for further attempts gets fewer than by making new connections.
class AttemptCount {
 public:
  static constexpr std::size_t maximum_connections = 10'000;
  static constexpr std::chrono::minutes period{2};

  explicit AttemptCount(const Clock& clock) noexcept : clock_(clock) {}

  // How many there were of this connection within the period, this one counted.
  [[nodiscard]] unsigned next(const ConnectionTuple& connection);

  [[nodiscard]] std::size_t size() const;

 private:
  struct Entry {
    ConnectionTuple connection;
    unsigned attempts;
    std::chrono::steady_clock::time_point first;
  };

  void forget_oldest();

  const Clock& clock_;
  mutable std::mutex mutex_;
  std::list<Entry> entries_;  // in the order of their first attempts
  std::map<ConnectionTuple, std::list<Entry>::iterator> by_connection_;
};

}  // namespace tecs
