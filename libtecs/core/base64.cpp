#include "tecs/base64.hpp"

#include <array>
#include <cstdint>

#include "core/crypto.hpp"

namespace tecs {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

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

std::optional<Octets> decode_base64(std::string_view text) {
  if (text.empty()) return Octets{};
  if (text.size() % 4 != 0) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && text[text.size() - 1 - padding] == '=') ++padding;
  const std::string_view digits = text.substr(0, text.size() - padding);
  // OpenSSL's decoder takes white space and more; so everything is checked before it is asked.
  for (const char digit : digits) {
    if (digit_value(digit) == no_digit) return std::nullopt;
  }
  if (!canonical(digits.back(), padding)) return std::nullopt;
  return Crypto::decode_base64(text, padding);
}

std::optional<Octets> decode_folded_base64(std::string_view text) {
  constexpr std::string_view white_space = " \t\r\n";
  if (text.find_first_of(white_space) == std::string_view::npos) return decode_base64(text);
  std::string unfolded;
  unfolded.reserve(text.size());
  for (const char c : text) {
    if (white_space.find(c) == std::string_view::npos) unfolded.push_back(c);
  }
  return decode_base64(unfolded);
}

}  // namespace tecs
