#include "c_api/encoding.hpp"

#include <utility>

#include "tecs/base64.hpp"

namespace tecs {

static_assert(TECS_BASE64 == 0 && TECS_DECODED == 1, "they are indices");

Expected<void> check_encoding(int encoding) {
  if (encoding == TECS_BASE64 || encoding == TECS_DECODED) return {};
  return failure(Reason::bad_option, "encoding is neither TECS_BASE64 nor TECS_DECODED");
}

EncodedText encoded_text(std::string text) {
  std::string base64 = encode_base64(octets_of(text));
  return {std::move(base64), std::move(text)};
}

const char* find_encoding(const EncodedText& text, int encoding) noexcept {
  if (encoding == TECS_BASE64) return text[TECS_BASE64].c_str();
  if (encoding == TECS_DECODED) return text[TECS_DECODED].c_str();
  return nullptr;
}

}  // namespace tecs
