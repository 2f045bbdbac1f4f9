// The time, handed in, so that tests can stand still and only main() asks the operating system.
#pragma once

#include <chrono>

#include "tecs/api.hpp"

namespace tecs {

// Implementations are thread safe.
class TECS_API Clock {
 public:
  Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  virtual ~Clock() = default;

  // The time of day: epochs, verdicts.
  [[nodiscard]] virtual std::chrono::system_clock::time_point now() const = 0;
  // A time that never jumps: durations, lifetimes in caches.
  [[nodiscard]] virtual std::chrono::steady_clock::time_point steady() const = 0;
};

}  // namespace tecs
