// A clock that stands still until the test moves it. Thread safe.
#pragma once

#include <atomic>
#include <chrono>

#include "tecs/clock.hpp"

namespace tecs::test {

class StillClock final : public Clock {
 public:
  [[nodiscard]] std::chrono::system_clock::time_point now() const override { return {}; }
  [[nodiscard]] std::chrono::steady_clock::time_point steady() const override {
    return std::chrono::steady_clock::time_point{} + time_.load();
  }
  void advance(std::chrono::milliseconds step) { time_ = time_.load() + step; }

 private:
  std::atomic<std::chrono::milliseconds> time_{};
};

}  // namespace tecs::test
