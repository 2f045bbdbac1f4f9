// Keeps a daemon from filling its log with one sentence.
#pragma once

#include <chrono>
#include <mutex>
#include <optional>

#include "tecs/clock.hpp"

namespace tecs {

// Thread safe. The clock must outlive this.
class RepeatLimit {
 public:
  RepeatLimit(const Clock& clock, std::chrono::milliseconds interval) noexcept
      : clock_(clock), interval_(interval) {}

  // True the first time and then once an interval at most.
  [[nodiscard]] bool due() {
    const std::lock_guard lock(mutex_);
    const auto now = clock_.steady();
    if (last_ && now - *last_ < interval_) return false;
    last_ = now;
    return true;
  }

 private:
  const Clock& clock_;
  std::chrono::milliseconds interval_;
  std::mutex mutex_;
  std::optional<std::chrono::steady_clock::time_point> last_;
};

}  // namespace tecs
