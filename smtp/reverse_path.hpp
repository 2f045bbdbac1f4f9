// Whom a MAIL command names as the sender (RFC 5321 sections 4.1.1.2 and 4.1.2, RFC 6531 section 3.3).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace tecs {

// Plain value.
struct ReversePath {
  // RFC 5321 section 4.5.3.1.2.
  static constexpr std::size_t maximum_domain = 255;

  // What stands behind the last "@", as it came: in any case, with octets of UTF-8, or an address literal in
  // its brackets. Empty for the null reverse-path, and only for that.
  std::string domain;

  // line: a command, in any case and without CRLF. Blanks between the colon and the path are passed over, as
  // servers do. Nothing for another command, and for whatever is not a path by the letter, without brackets
  // or without a domain for instance: two servers might read two senders there.
  [[nodiscard]] static std::optional<ReversePath> of_mail(std::string_view line);
};

}  // namespace tecs
