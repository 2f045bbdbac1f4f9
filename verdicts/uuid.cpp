#include "verdicts/uuid.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace tecs {
namespace {

constexpr std::string_view uuid_pattern = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

}  // namespace

std::string make_uuid_v7(std::chrono::sys_time<std::chrono::milliseconds> time,
                         const std::array<std::uint8_t, 10>& random) {
  // RFC 9562 section 5.7: 48 bits of Unix time in milliseconds, then random bits but for version and variant.
  std::array<std::uint8_t, 16> octets{};
  auto milliseconds = static_cast<std::uint64_t>(time.time_since_epoch().count());
  for (std::size_t i = 6; i-- > 0; milliseconds >>= 8U)
    octets[i] = static_cast<std::uint8_t>(milliseconds & 0xffU);
  std::copy(random.begin(), random.end(), octets.begin() + 6);
  octets[6] = static_cast<std::uint8_t>((octets[6] & 0x0fU) | 0x70U);
  octets[8] = static_cast<std::uint8_t>((octets[8] & 0x3fU) | 0x80U);

  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(36);
  for (std::size_t i = 0; i < octets.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += digits[octets[i] >> 4U];
    text += digits[octets[i] & 0x0fU];
  }
  return text;
}

std::optional<std::string> parse_uuid(std::string_view text) {
  return text.size() == uuid_pattern.size() ? parse_uuid_beginning(text) : std::nullopt;
}

std::optional<std::string> parse_uuid_beginning(std::string_view text) {
  if (text.empty() || text.size() > uuid_pattern.size()) return std::nullopt;
  std::string id(text);
  for (std::size_t i = 0; i < id.size(); ++i) {
    char& character = id[i];
    if (character >= 'A' && character <= 'F') character = static_cast<char>(character - 'A' + 'a');
    const bool digit = (character >= '0' && character <= '9') || (character >= 'a' && character <= 'f');
    if (uuid_pattern[i] == '-' ? character != '-' : !digit) return std::nullopt;
  }
  return id;
}

}  // namespace tecs
