// The name by which a receiver signs its Authentication-Results (RFC 8601 section 2.5).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tecs/error.hpp"

namespace tecs {

// Immutable value; thread safe.
class AuthservId {
 public:
  // Letters, digits, '.', '-' and '_', at most 253: a host name, or whatever else an administrator calls it,
  // that needs no quotes in a header field. Fails with bad_option.
  [[nodiscard]] static Expected<AuthservId> parse(std::string_view text);

  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  // Upper and lower case are the same (RFC 8601 section 2.2).
  [[nodiscard]] bool equals(std::string_view other) const noexcept;

 private:
  explicit AuthservId(std::string text) noexcept : text_(std::move(text)) {}
  std::string text_;
};

// The authserv-id in the body of an Authentication-Results field, without quotes. The body may be folded; its
// line breaks may be LF or CRLF. Empty when the beginning of the field, up to the first ';' or the end, does
// not keep to the grammar of RFC 8601 section 2.2: somebody else's parser may then see any name there.
[[nodiscard]] std::optional<std::string> read_authserv_id(std::string_view field_body);

// True when such a field must not stay in a message that comes from outside: it claims to be ours, or it
// cannot be told whose it claims to be (RFC 8601 section 5).
[[nodiscard]] bool is_forged(std::string_view field_body, const AuthservId& ours);

}  // namespace tecs
