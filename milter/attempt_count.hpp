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

// Thread safe. The clock must outlive this. Nobody says when such a connection ends, so one that was silent
// for long is forgotten. Memory is bounded: the connection that was silent for longest is forgotten first,
// which only gives it further attempts; who made ten thousand connections for that could have had them there.
class AttemptCount {
 public:
  static constexpr std::size_t maximum_connections = 10'000;
  static constexpr std::chrono::minutes silence{10};

  explicit AttemptCount(const Clock& clock) noexcept : clock_(clock) {}

  // How many there were of this connection, this one counted.
  [[nodiscard]] unsigned next(const ConnectionTuple& connection);

  [[nodiscard]] std::size_t size() const;

 private:
  struct Entry {
    ConnectionTuple connection;
    unsigned attempts;
    std::chrono::steady_clock::time_point last;
  };

  void forget_last();

  const Clock& clock_;
  mutable std::mutex mutex_;
  std::list<Entry> entries_;  // the last heard of first
  std::map<ConnectionTuple, std::list<Entry>::iterator> by_connection_;
};

}  // namespace tecs
