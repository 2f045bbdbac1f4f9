// How far a share that was counted can be from the true one: the Wilson score interval.
#pragma once

namespace tecs {

// Plain value; 0 <= lower <= upper <= 1.
struct WilsonInterval {
  double lower = 0;
  double upper = 1;

  friend bool operator==(const WilsonInterval&, const WilsonInterval&) = default;
};

// At 95 %, two-sided. The counts may be weighted, so they are no whole numbers; of more successes than trials
// all the trials count. Without trials nothing is known: from 0 to 1. Never fails; negative counts are as 0.
[[nodiscard]] WilsonInterval wilson_interval(double successes, double trials) noexcept;

}  // namespace tecs
