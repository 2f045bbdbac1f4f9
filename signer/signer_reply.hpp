// What the signer itself says to the MTA.
#pragma once

#include <string>
#include <string_view>

namespace tecs {

// "421 4.4.2 relay.example.org TECS signer: the reason", with CRLF and at most 512 octets (RFC 5321 section
// 4.5.3.1.5). code: reply code and enhanced status code (RFC 3463); reason: printable.
[[nodiscard]] std::string signer_reply(std::string_view code, std::string_view host, std::string_view reason);

}  // namespace tecs
