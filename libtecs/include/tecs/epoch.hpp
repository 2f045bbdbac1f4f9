// The time that is signed: Unix time rounded to the nearest 30 seconds, halves up (PROTOCOL section 3).
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>

namespace tecs {

// Immutable value; thread safe.
class Epoch {
 public:
  static constexpr std::chrono::seconds step{30};

  // Any time that std::chrono::sys_seconds can hold give or take a step.
  [[nodiscard]] static constexpr Epoch nearest(std::chrono::sys_seconds time) noexcept {
    const std::chrono::seconds shifted = time.time_since_epoch() + step / 2;
    std::chrono::seconds::rep steps = shifted / step;
    if (shifted % step < std::chrono::seconds::zero()) --steps;  // floor, not truncation, before 1970
    return Epoch(steps);
  }

  // This epoch moved by whole steps, later if positive.
  [[nodiscard]] constexpr Epoch moved(int steps) const noexcept { return Epoch(steps_ + steps); }

  [[nodiscard]] constexpr std::chrono::sys_seconds time() const noexcept {
    return std::chrono::sys_seconds{steps_ * step};
  }

  friend constexpr auto operator<=>(const Epoch&, const Epoch&) = default;

 private:
  explicit constexpr Epoch(std::chrono::seconds::rep steps) noexcept : steps_(steps) {}

  std::chrono::seconds::rep steps_;
};

}  // namespace tecs
