#include "tools/report_text.hpp"

#include <cstddef>

#include "tecs/printable_text.hpp"

namespace tecs {

std::string html_text(std::string_view text) {
  std::string html;
  html.reserve(text.size());
  for (const char character : text) {
    switch (character) {
      case '&':
        html += "&amp;";
        break;
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      case '"':
        html += "&quot;";
        break;
      case '\'':
        html += "&#39;";
        break;
      default:
        html += static_cast<unsigned char>(character) < 0x20 || character == 0x7f ? ' ' : character;
    }
  }
  return html;
}

std::string html_stranger_text(std::string_view octets) {
  // RFC 1035 section 2.3.4: a name has at most 255 octets on the wire, 253 as text.
  constexpr std::size_t longest_domain = 253;
  return html_text(printable_text(octets, longest_domain));
}

}  // namespace tecs
