// A clock that a test moves by hand. Thread safe.
#pragma once

#include <atomic>
#include <chrono>

#include "tecs/clock.hpp"

namespace tecs::test {

class HandClock final : public Clock {
 public:
  explicit HandClock(std::chrono::sys_seconds start = std::chrono::sys_seconds{std::chrono::seconds{
                         1170806410}})
      : start_(start) {}

  void advance(std::chrono::microseconds time) { passed_ += time.count(); }
  // Sets the time of day wrong, or right again.
  void jump(std::chrono::microseconds time) { jumped_ += time.count(); }

  [[nodiscard]] std::chrono::system_clock::time_point now() const override {
    return start_ + std::chrono::microseconds(passed_ + jumped_);
  }
  [[nodiscard]] std::chrono::steady_clock::time_point steady() const override {
    return std::chrono::steady_clock::time_point(std::chrono::microseconds(passed_));
  }

 private:
  std::chrono::sys_seconds start_;
  std::atomic<std::chrono::microseconds::rep> passed_{0};
  std::atomic<std::chrono::microseconds::rep> jumped_{0};
};

}  // namespace tecs::test
