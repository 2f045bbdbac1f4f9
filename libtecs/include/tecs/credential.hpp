// What a client sends inside SMTP AUTH: a tag-list that names a domain and carries a signature (PROTOCOL
// section 2).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "tecs/algorithm.hpp"
#include "tecs/api.hpp"
#include "tecs/domain.hpp"
#include "tecs/error.hpp"
#include "tecs/octets.hpp"

namespace tecs {

// Plain value; owns all that it holds.
struct TECS_API Credential {
  static constexpr std::size_t maximum_octets = 4096;  // after base64 decoding

  // Tags whose value is the default can be left out to keep the AUTH line short (PROTOCOL section 1).
  enum class Defaults { written, left_out };

  // Bounded before anything else is looked at. The reason of the error says what is malformed.
  [[nodiscard]] static Expected<Credential> parse(std::string_view text);
  // The same from the base64 of an initial response or response.
  [[nodiscard]] static Expected<Credential> parse_base64(std::string_view base64);

  [[nodiscard]] std::string format(Defaults defaults = Defaults::written) const;

  Algorithm algorithm = Algorithm::rsa_sha256;
  Domain domain;
  std::optional<Selector> selector;
  Octets signature;
};

// Decodes the base64 of an initial response, its length checked first. Fails with credential_too_long or
// bad_base64.
[[nodiscard]] TECS_API Expected<std::string> decode_response(std::string_view base64);

}  // namespace tecs
