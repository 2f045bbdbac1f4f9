#include "tecs/base64.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>

#include "core/crypto.hpp"

namespace tecs {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::size_t group_digits = 4;
constexpr std::size_t group_octets = 3;

constexpr std::int8_t no_digit = -1;

constexpr std::array<std::int8_t, 256> digit_values = [] {
  std::array<std::int8_t, 256> values{};
  values.fill(no_digit);
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    values[static_cast<std::uint8_t>(alphabet[i])] = static_cast<std::int8_t>(i);
  }
  return values;
}();

std::int8_t digit_value(char digit) noexcept {
  return digit_values[static_cast<std::uint8_t>(digit)];
}

constexpr bool is_white_space(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

// Writes the octets of four digits; false when one is none.
bool decode_group(std::string_view digits, Octets::iterator out) noexcept {
  // The sign of no_digit outlives everything.
  const int bits = digit_value(digits[0]) * (1 << 18) | digit_value(digits[1]) * (1 << 12) |
                   digit_value(digits[2]) * (1 << 6) | digit_value(digits[3]);
  if (bits < 0) return false;
  *out++ = static_cast<std::uint8_t>(bits >> 16);
  *out++ = static_cast<std::uint8_t>(bits >> 8);
  *out = static_cast<std::uint8_t>(bits);
  return true;
}

// RFC 4648 section 3.5: the bits of the last digit that are not used must be zero, else two texts mean one
// signature.
bool canonical(char last_digit, std::size_t padding) noexcept {
  const unsigned unused = padding == 2 ? 0x0F : padding == 1 ? 0x03 : 0x00;
  return (static_cast<unsigned>(digit_value(last_digit)) & unused) == 0;
}

}  // namespace

std::string encode_base64(OctetView octets) {
  return Crypto::encode_base64(octets);
}

// OpenSSL's decoder takes white space and more, so everything would have to be looked at before it is asked.
std::optional<Octets> decode_base64(std::string_view text) {
  if (text.empty()) return Octets{};
  if (text.size() % group_digits != 0) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && text[text.size() - 1 - padding] == '=') ++padding;

  Octets octets(text.size() / group_digits * group_octets);
  auto out = octets.begin();
  const std::string_view whole_groups = text.substr(0, text.size() - group_digits);
  for (std::size_t i = 0; i < whole_groups.size(); i += group_digits, out += group_octets) {
    if (!decode_group(text.substr(i, group_digits), out)) return std::nullopt;
  }
  std::string last_group(text.substr(whole_groups.size()));
  if (!canonical(last_group[group_digits - 1 - padding], padding)) return std::nullopt;
  std::fill_n(last_group.rbegin(), padding, alphabet.front());
  if (!decode_group(last_group, out)) return std::nullopt;
  octets.resize(octets.size() - padding);
  return octets;
}

std::optional<Octets> decode_folded_base64(std::string_view text) {
  if (std::ranges::none_of(text, is_white_space)) return decode_base64(text);
  std::string unfolded;
  unfolded.reserve(text.size());
  std::ranges::remove_copy_if(text, std::back_inserter(unfolded), is_white_space);
  return decode_base64(unfolded);
}

}  // namespace tecs
