// Durations as people write them in options: a whole number and a unit, "500ms" "2s" "5m" "1h" "7d".
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "tecs/error.hpp"

namespace tecs {

// So long that nobody means it, and short enough that adding it to a time of day cannot overflow.
inline constexpr std::chrono::milliseconds longest_duration = std::chrono::days{36500};

// Fails with bad_option for anything else: no unit, no number, a sign, a space, a fraction, more than
// longest_duration.
[[nodiscard]] Expected<std::chrono::milliseconds> parse_duration(std::string_view text);

// In the largest unit that leaves a whole number, so that parse_duration() gives the same back. Not for
// negative ones.
[[nodiscard]] std::string format_duration(std::chrono::milliseconds duration);

}  // namespace tecs
