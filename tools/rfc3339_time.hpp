// Dates and times as people and programs write them (RFC 3339).
#pragma once

#include <chrono>
#include <string_view>

#include "tecs/error.hpp"

namespace tecs {

// "2026-01-31T12:34:56.789Z", "2026-01-31T13:34:56+01:00", or "2026-01-31", which is its first moment in UTC.
// A blank may stand for the T. What is finer than a millisecond is cut. From 1970 to 9999. Fails with
// bad_option. Any thread.
[[nodiscard]] Expected<std::chrono::sys_time<std::chrono::milliseconds>> parse_rfc3339(std::string_view text);

}  // namespace tecs
