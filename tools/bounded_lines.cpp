#include "tools/bounded_lines.hpp"

#include <streambuf>

namespace tecs {

std::optional<BoundedLines::Line> BoundedLines::next() {
  using Traits = std::istream::traits_type;
  std::streambuf& octets = *in_.rdbuf();
  if (!in_.good()) return std::nullopt;
  Line line{.number = ++number_, .text = {}};
  bool nothing = true;
  while (true) {
    const auto octet = octets.sbumpc();
    if (Traits::eq_int_type(octet, Traits::eof())) {
      in_.setstate(std::ios::eofbit);
      if (nothing) return std::nullopt;
      break;
    }
    nothing = false;
    if (octet == '\n') break;
    if (line.too_long) continue;
    line.text += Traits::to_char_type(octet);
    // One more, for the CR of a line that just fits.
    line.too_long = line.text.size() > maximum_ + 1;
  }
  if (!line.text.empty() && line.text.back() == '\r') line.text.pop_back();
  line.too_long = line.too_long || line.text.size() > maximum_;
  if (line.too_long) line.text.clear();
  return line;
}

}  // namespace tecs
