// Numbers for a person's eyes. Always the same text, whatever the locale. What stands as a space before a
// unit here is one at which no line breaks (U+00A0).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tecs {

// "12,345"
[[nodiscard]] std::string grouped(std::uint64_t number);

// "1 domain", "12,345 domains"
[[nodiscard]] std::string counted(std::uint64_t number, std::string_view one, std::string_view several);

// For an axis: "950", "1.5k", "20k", "3M".
[[nodiscard]] std::string short_count(std::uint64_t number);

// "61.2 %". Some is never written as none, and not quite all never as all: "< 0.1 %", "> 99.9 %". A dash when
// there is no whole.
[[nodiscard]] std::string percentage(std::uint64_t part, std::uint64_t whole);

// Two digits or three that count: "850 µs", "1.4 ms", "23 ms", "1.2 s", "3.4 min".
[[nodiscard]] std::string short_time(double microseconds);

// "−4", "0", "6": of a score.
[[nodiscard]] std::string signed_number(std::int64_t number);

}  // namespace tecs
