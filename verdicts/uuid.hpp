// UUID version 7 (RFC 9562 section 5.7): identifiers that sort by time.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>

namespace tecs {

// random: fresh from the operating system for each call; 74 of its bits are used. time: from 1970 to the year
// 10889. The text is lower case with hyphens, 36 octets. Any thread.
[[nodiscard]] std::string make_uuid_v7(std::chrono::sys_time<std::chrono::milliseconds> time,
                                       const std::array<std::uint8_t, 10>& random);

}  // namespace tecs
