// Reading and writing that waits for the peer, but not for longer than a time limit.
#pragma once

#include <asio/awaitable.hpp>
#include <chrono>
#include <optional>
#include <span>
#include <string_view>

#include "signer/connection.hpp"

namespace tecs {

// One transfer at a time, of any connection. Used by the thread of the loop.
class TimedTransfer {
 public:
  template <typename Value>
  using Awaitable = asio::awaitable<Value, Connection::Executor>;
  using TimePoint = std::chrono::steady_clock::time_point;
  // Empty when the time limit has passed.
  using Outcome = std::optional<Transfer>;

  // For all that is awaited from here on together; an earlier limit is forgotten, even if it has passed.
  // Zero: no limit.
  void limit(TimePoint now, std::chrono::milliseconds time) noexcept {
    timed_out_ = stopped_;
    deadline_ = time == std::chrono::milliseconds::zero() ? TimePoint::max() : now + time;
  }
  // To be called now and then: the limit is kept to the precision of these calls.
  void check_time(TimePoint now) noexcept {
    if (now >= deadline_) expire();
  }
  // As if the limit had passed.
  void expire() noexcept;
  // Likewise, and any that is set from here on.
  void stop() noexcept {
    stopped_ = true;
    expire();
  }

  // False: the time limit has passed.
  [[nodiscard]] Awaitable<bool> wait(Connection& connection, Connection::Wait what);
  [[nodiscard]] Awaitable<Outcome> read(Connection& connection, std::span<char> space);
  [[nodiscard]] Awaitable<Outcome> write(Connection& connection, std::string_view octets);

 private:
  TimePoint deadline_ = TimePoint::max();
  bool timed_out_ = false;
  bool stopped_ = false;
  Connection* awaited_ = nullptr;
};

[[nodiscard]] constexpr bool wanting(Transfer::State state) noexcept {
  return state == Transfer::State::want_read || state == Transfer::State::want_write;
}

}  // namespace tecs
