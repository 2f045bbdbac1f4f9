// Text of strangers for terminals and spreadsheets.
#pragma once

#include <string>
#include <string_view>

namespace tecs {

// Each octet that is not printable ASCII becomes '?'. Stores hold escaped text already; this is for what came
// there by other ways.
[[nodiscard]] inline std::string plain_text(std::string_view octets) {
  std::string text(octets);
  for (char& character : text) {
    const auto octet = static_cast<unsigned char>(character);
    if (octet < 0x20 || octet >= 0x7f) character = '?';
  }
  return text;
}

}  // namespace tecs
