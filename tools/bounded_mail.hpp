// A mail from a stream, of which no more is kept than is asked for.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <istream>
#include <string>

namespace tecs {

// At most one octet more than the maximum, which tells that it is too large. All of it is read, since an MTA
// whose pipe is closed early takes that for a failure.
[[nodiscard]] inline std::string read_bounded_mail(std::istream& in, std::size_t maximum_octets) {
  std::string mail;
  std::array<char, std::size_t{64} * 1024> piece{};
  while (in) {
    in.read(piece.data(), piece.size());
    const auto size = static_cast<std::size_t>(in.gcount());
    mail.append(piece.data(), std::min(size, maximum_octets + 1 - mail.size()));
  }
  return mail;
}

}  // namespace tecs
