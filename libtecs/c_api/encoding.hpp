// Texts on their way through SMTP AUTH: as they are, or in base64 (TECS_DECODED, TECS_BASE64).
#pragma once

#include <array>
#include <string>

#include "tecs.h"
#include "tecs/error.hpp"

namespace tecs {

// Fails with bad_option for what is no encoding.
[[nodiscard]] Expected<void> check_encoding(int encoding);

// A text both ways, at the index of its encoding.
using EncodedText = std::array<std::string, 2>;
[[nodiscard]] EncodedText encoded_text(std::string text);

// Null for what is no encoding.
[[nodiscard]] const char* find_encoding(const EncodedText& text, int encoding) noexcept;

}  // namespace tecs
