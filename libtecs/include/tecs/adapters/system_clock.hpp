// The clock of the operating system. For main() only; everything else is given a Clock.
#pragma once

#include "tecs/api.hpp"
#include "tecs/clock.hpp"

namespace tecs {

class TECS_API SystemClock final : public Clock {
 public:
  [[nodiscard]] std::chrono::system_clock::time_point now() const override {
    return std::chrono::system_clock::now();
  }
  [[nodiscard]] std::chrono::steady_clock::time_point steady() const override {
    return std::chrono::steady_clock::now();
  }
};

}  // namespace tecs
