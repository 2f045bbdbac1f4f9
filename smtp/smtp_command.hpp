// Commands of an SMTP client (RFC 5321 section 4.1), as far as the signer looks at them.
#pragma once

#include <string>
#include <string_view>

namespace tecs {

// The first word of a command line, in upper case; empty for a line that begins with a space. line: without
// CRLF.
[[nodiscard]] std::string verb_of(std::string_view line);

// True for the commands that have one reply and leave the session as it was, so that EHLO can still follow
// them. verb: in upper case.
[[nodiscard]] bool changes_nothing(std::string_view verb) noexcept;

}  // namespace tecs
