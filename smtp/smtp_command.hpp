// Commands of an SMTP client (RFC 5321 section 4.1), as far as the signer looks at them.
#pragma once

#include <string>
#include <string_view>

namespace tecs {

// The first word of a command line, in upper case; empty for a line that begins with a blank. line: without
// CRLF.
[[nodiscard]] std::string verb_of(std::string_view line);

// The word after the verb, as it came; empty when there is none. line: without CRLF.
[[nodiscard]] std::string_view argument_of(std::string_view line) noexcept;

// ASCII letters only: a command must not depend on the locale.
[[nodiscard]] std::string upper_case(std::string_view text);

// True for the commands that have one reply and leave the session as it was, so that EHLO can still follow
// them. verb: in upper case.
[[nodiscard]] bool changes_nothing(std::string_view verb) noexcept;

}  // namespace tecs
