// Writes DER (X.690) for tests: keys that nobody has made.
#pragma once

#include <initializer_list>

#include "tecs/octets.hpp"

namespace tecs {

inline Octets joined(std::initializer_list<Octets> parts) {
  Octets octets;
  for (const Octets& part : parts) octets.insert(octets.end(), part.begin(), part.end());
  return octets;
}

// One element, of less than 64 KiB.
inline Octets der(std::uint8_t tag, const Octets& contents) {
  const auto low = static_cast<std::uint8_t>(contents.size());
  const auto high = static_cast<std::uint8_t>(contents.size() >> 8);
  if (high != 0) return joined({{tag, 0x82, high, low}, contents});
  return joined({low < 0x80 ? Octets{tag, low} : Octets{tag, 0x81, low}, contents});
}

constexpr std::uint8_t der_sequence = 0x30;
constexpr std::uint8_t der_integer = 0x02;
constexpr std::uint8_t der_bit_string = 0x03;

}  // namespace tecs
