#include "tecs/printable_text.hpp"

namespace tecs {

std::string printable_text(std::string_view octets, std::size_t maximum_octets) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  const bool cut = octets.size() > maximum_octets;
  if (cut) octets = octets.substr(0, maximum_octets);
  std::string text;
  text.reserve(octets.size());
  for (const char character : octets) {
    const auto octet = static_cast<unsigned char>(character);
    if (octet >= 0x20 && octet < 0x7f && character != '\\' && character != '"') {
      text += character;
      continue;
    }
    text += "\\x";
    text += digits[octet >> 4U];
    text += digits[octet & 0x0fU];
  }
  if (cut) text += "...";
  return text;
}

}  // namespace tecs
