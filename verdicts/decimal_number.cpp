#include "verdicts/decimal_number.hpp"

#include <array>
#include <charconv>

namespace tecs {

std::string decimal_number(double number, int digits) {
  std::array<char, 330> text{};  // the largest number has 309 digits before the point
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed, digits).ptr;
  return {text.data(), end};
}

std::string decimal_percent(double share) {
  return decimal_number(share * 100, 2) + " %";
}

}  // namespace tecs
