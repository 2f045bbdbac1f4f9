// Base64 (RFC 4648 section 4), strict: padding is required, the unused bits of the last digit must be zero,
// and nothing outside the alphabet is taken. The caller checks the text's length before asking for it to be
// decoded.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tecs/api.hpp"
#include "tecs/octets.hpp"

namespace tecs {

[[nodiscard]] TECS_API std::string encode_base64(OctetView octets);

// Empty when the text is not base64. An empty text decodes to no octets.
[[nodiscard]] TECS_API std::optional<Octets> decode_base64(std::string_view text);

// As decode_base64, but skips space, tab, CR and LF, as a tag value may be folded (RFC 6376 section 3.2).
[[nodiscard]] TECS_API std::optional<Octets> decode_folded_base64(std::string_view text);

}  // namespace tecs
