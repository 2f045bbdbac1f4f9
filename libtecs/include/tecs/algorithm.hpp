// The signature algorithms of TECS-1 (PROTOCOL section 2) and the key types that they need.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tecs {

enum class KeyType : std::uint8_t { rsa, ed25519 };                  // k= of a key record
enum class Algorithm : std::uint8_t { rsa_sha256, ed25519_sha256 };  // a= of a credential

[[nodiscard]] constexpr std::string_view format(KeyType type) noexcept {
  return type == KeyType::rsa ? "rsa" : "ed25519";
}
[[nodiscard]] constexpr std::string_view format(Algorithm algorithm) noexcept {
  return algorithm == Algorithm::rsa_sha256 ? "rsa-sha256" : "ed25519-sha256";
}
[[nodiscard]] constexpr KeyType key_type_of(Algorithm algorithm) noexcept {
  return algorithm == Algorithm::rsa_sha256 ? KeyType::rsa : KeyType::ed25519;
}
[[nodiscard]] constexpr Algorithm algorithm_of(KeyType type) noexcept {
  return type == KeyType::rsa ? Algorithm::rsa_sha256 : Algorithm::ed25519_sha256;
}

// Case-sensitive, as tag values are (RFC 6376 section 3.2). Empty for a word that is neither.
[[nodiscard]] constexpr std::optional<Algorithm> parse_algorithm(std::string_view text) noexcept {
  if (text == "rsa-sha256") return Algorithm::rsa_sha256;
  if (text == "ed25519-sha256") return Algorithm::ed25519_sha256;
  return std::nullopt;
}
[[nodiscard]] constexpr std::optional<KeyType> parse_key_type(std::string_view text) noexcept {
  if (text == "rsa") return KeyType::rsa;
  if (text == "ed25519") return KeyType::ed25519;
  return std::nullopt;
}

}  // namespace tecs
