// What a command means to the dialogue as long as it reads what the MTA says.
#pragma once

#include <cstddef>
#include <string_view>

namespace tecs {

enum class MtaCommand {
  hello,  // EHLO, HELO
  quit,
  changes_nothing,  // one reply, and the session is as it was
  mail,             // begins a transaction; those of RFC 821 that no server should know do not count
  login,            // AUTH
  out_of_place,     // what cannot come before MAIL, or what the MTA was not offered
  chunk,            // BDAT: octets follow that are no commands (RFC 3030)
  other,            // passed on, as long as one reply ends it
  unreadable,       // no word at its front; some servers look for one further on
};

// line: without CRLF.
[[nodiscard]] MtaCommand mta_command(std::string_view line);

// How long a command may be, with CRLF. begin: what has come of it, and perhaps of others after it.
[[nodiscard]] std::size_t maximum_size_of_command(std::string_view begin);

}  // namespace tecs
