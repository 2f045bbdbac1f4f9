#include "signer/printable.hpp"

namespace tecs {

std::string printable(std::string_view text, std::size_t maximum) {
  static constexpr std::string_view digits = "0123456789abcdef";
  static constexpr std::string_view mark = "...";
  std::string result;
  std::size_t fitting = 0;  // how much of the result leaves room for the mark
  for (const char letter : text) {
    const auto octet = static_cast<unsigned char>(letter);
    if (octet < 0x20 || octet > 0x7e) {
      result.append("\\x").append(1, digits[octet >> 4U]).append(1, digits[octet & 0x0fU]);
    } else {
      if (letter == '\\' || letter == '"') result.push_back('\\');
      result.push_back(letter);
    }
    if (result.size() > maximum) return result.substr(0, fitting).append(mark);
    if (result.size() + mark.size() <= maximum) fitting = result.size();
  }
  return result;
}

}  // namespace tecs
