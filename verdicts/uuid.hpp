// UUID version 7 (RFC 9562 section 5.7): identifiers that sort by time.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tecs {

// random: fresh from the operating system for each call; 74 of its bits are used. time: from 1970 to the year
// 10889. The text is lower case with hyphens, 36 octets. Any thread.
[[nodiscard]] std::string make_uuid_v7(std::chrono::sys_time<std::chrono::milliseconds> time,
                                       const std::array<std::uint8_t, 10>& random);

// Any UUID (RFC 9562 section 4), or as many of its first characters as there are; in lower case. Empty for
// what is none, and for the empty text. Any thread.
[[nodiscard]] std::optional<std::string> parse_uuid(std::string_view text);
[[nodiscard]] std::optional<std::string> parse_uuid_beginning(std::string_view text);

}  // namespace tecs
