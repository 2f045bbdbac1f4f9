#include "verdicts/wilson_interval.hpp"

#include <algorithm>
#include <cmath>

namespace tecs {
namespace {

constexpr double z = 1.959963984540054;  // the normal distribution has 95 % within so many deviations

}  // namespace

WilsonInterval wilson_interval(double successes, double trials) noexcept {
  if (!(trials > 0)) return {};
  const double hits = std::clamp(successes, 0.0, trials);
  const double middle = hits + z * z / 2;
  const double spread = z * std::sqrt(hits * (trials - hits) / trials + z * z / 4);
  const double scale = trials + z * z;
  // At both ends the interval is open only to one side; rounding must not open it to the other.
  return {hits > 0 ? std::clamp((middle - spread) / scale, 0.0, 1.0) : 0.0,
          hits < trials ? std::clamp((middle + spread) / scale, 0.0, 1.0) : 1.0};
}

}  // namespace tecs
