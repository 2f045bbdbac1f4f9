#include "milter/policy/score.hpp"

#include <cstdlib>

namespace tecs {
namespace {

constexpr std::int32_t largest = 1000 * 1000;
constexpr std::size_t decimals = 3;

bool all_digits(std::string_view text) {
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::int32_t number(std::string_view digits) {
  std::int32_t value = 0;
  for (const char digit : digits) value = value * 10 + (digit - '0');
  return value;
}

}  // namespace

Expected<Score> Score::parse(std::string_view text) {
  const auto wrong = failure(Reason::bad_option,
                             "must be a number from -1000 to 1000 with at most three decimals, such as -0.2");
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const std::size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const std::string_view fraction =
      point == std::string_view::npos ? std::string_view() : text.substr(point + 1);
  if (whole.empty() || whole.size() > 4 || !all_digits(whole)) return wrong;
  if (point != std::string_view::npos && fraction.empty()) return wrong;
  if (fraction.size() > decimals || !all_digits(fraction)) return wrong;
  std::string thousandths(fraction);
  thousandths.resize(decimals, '0');
  const std::int32_t magnitude = number(whole) * 1000 + number(thousandths);
  if (magnitude > largest) return wrong;
  return Score(negative ? -magnitude : magnitude);
}

std::string Score::format() const {
  const std::int32_t magnitude = std::abs(thousandths_);
  std::string fraction = std::to_string(1000 + magnitude % 1000).substr(1);
  while (fraction.size() > 1 && fraction.back() == '0') fraction.pop_back();
  return (thousandths_ < 0 ? "-" : "") + std::to_string(magnitude / 1000) + "." + fraction;
}

}  // namespace tecs
