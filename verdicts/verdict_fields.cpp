#include "verdicts/verdict_fields.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>

namespace tecs {
namespace {

// "2026-01-31T12:34:56.789Z": a letter stands for its number's digits, anything else for itself.
constexpr std::string_view time_pattern = "YYYY-MM-DDThh:mm:ss.fffZ";

struct TimeNumbers {
  unsigned year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, fraction = 0;

  [[nodiscard]] unsigned* of(char letter) noexcept {
    switch (letter) {
      case 'Y':
        return &year;
      case 'M':
        return &month;
      case 'D':
        return &day;
      case 'h':
        return &hour;
      case 'm':
        return &minute;
      case 's':
        return &second;
      case 'f':
        return &fraction;
      default:
        return nullptr;
    }
  }
};

template <typename Number>
bool decode_number(std::int64_t number, Number& value) noexcept {
  if (number < 0 || std::cmp_greater(number, std::numeric_limits<Number>::max())) return false;
  value = static_cast<Number>(number);
  return true;
}

}  // namespace

std::string encode_field(Verdict::Time value) {
  const auto midnight = std::chrono::floor<std::chrono::days>(value);
  const std::chrono::year_month_day date{midnight};
  const std::chrono::hh_mm_ss time{value - midnight};
  TimeNumbers numbers{static_cast<unsigned>(static_cast<int>(date.year())),
                      static_cast<unsigned>(date.month()),
                      static_cast<unsigned>(date.day()),
                      static_cast<unsigned>(time.hours().count()),
                      static_cast<unsigned>(time.minutes().count()),
                      static_cast<unsigned>(time.seconds().count()),
                      static_cast<unsigned>(time.subseconds().count())};
  std::string text(time_pattern);
  for (std::size_t i = text.size(); i-- > 0;) {
    unsigned* number = numbers.of(time_pattern[i]);
    if (number == nullptr) continue;
    text[i] = static_cast<char>('0' + *number % 10);
    *number /= 10;
  }
  return text;
}

bool decode_field(std::string_view text, Verdict::Time& value) noexcept {
  if (text.size() != time_pattern.size()) return false;
  TimeNumbers numbers;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned* number = numbers.of(time_pattern[i]);
    if (number == nullptr) {
      if (text[i] != time_pattern[i]) return false;
      continue;
    }
    if (text[i] < '0' || text[i] > '9') return false;
    *number = *number * 10 + static_cast<unsigned>(text[i] - '0');
  }
  const std::chrono::year_month_day date{std::chrono::year{static_cast<int>(numbers.year)},
                                         std::chrono::month{numbers.month}, std::chrono::day{numbers.day}};
  if (!date.ok() || numbers.hour > 23 || numbers.minute > 59 || numbers.second > 59) return false;
  value = std::chrono::sys_days{date} + std::chrono::hours{numbers.hour} +
          std::chrono::minutes{numbers.minute} + std::chrono::seconds{numbers.second} +
          std::chrono::milliseconds{numbers.fraction};
  return true;
}

bool decode_field(std::string_view text, std::string& value) {
  value.assign(text);
  return true;
}

bool decode_field(std::string_view text, Result& value) noexcept {
  const auto result = parse_result(text);
  if (!result) return false;
  value = *result;
  return true;
}

bool decode_field(std::int64_t number, std::uint32_t& value) noexcept {
  return decode_number(number, value);
}

bool decode_field(std::int64_t number, std::uint64_t& value) noexcept {
  return decode_number(number, value);
}

bool decode_field(std::int64_t number, std::chrono::microseconds& value) noexcept {
  value = std::chrono::microseconds{number};
  return true;
}

bool decode_field(std::int64_t number, std::optional<std::chrono::seconds>& value) noexcept {
  value = std::chrono::seconds{number};
  return true;
}

bool decode_field(std::int64_t number, std::optional<std::chrono::sys_seconds>& value) noexcept {
  value = std::chrono::sys_seconds{std::chrono::seconds{number}};
  return true;
}

bool decode_field(double number, std::optional<double>& value) noexcept {
  if (!std::isfinite(number)) return false;
  value = number;
  return true;
}

}  // namespace tecs
