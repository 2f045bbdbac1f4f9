// The AUTH command that carries a credential (RFC 4954 section 4).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "tecs/credential.hpp"

namespace tecs {

inline constexpr std::string_view mechanism_name = "TECS-1";

// Plain value.
struct AuthCommand {
  static constexpr std::size_t maximum_line = 512;         // CRLF included (RFC 4954 section 4)
  static constexpr std::size_t maximum_response = 12'288;  // CRLF included

  std::string line;      // with CRLF
  std::string response;  // with CRLF, for the 334; empty: the line carries the credential as initial response
};

// All tags if the line has room, else without those whose value is the default, else the credential in the
// response (PROTOCOL section 1).
[[nodiscard]] AuthCommand make_auth_command(const Credential& credential);

}  // namespace tecs
