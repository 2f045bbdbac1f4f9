// The header field that tells later filters and readers what became of TECS-1 (RFC 8601, PROTOCOL section 5).
#pragma once

#include <string>

#include "milter/authserv_id.hpp"
#include "tecs/verification.hpp"

namespace tecs {

// The body of the field: "mx.example.net; tecs=pass (2048-bit rsa, dnssec) smtp.auth=jgc.org". Lines that get
// longer than 78 octets are folded with LF and TAB. Only checked names and words of our own come in: a
// domain, never a sentence.
[[nodiscard]] std::string format_authentication_results(const AuthservId& authserv_id,
                                                        const Verification& verification);

}  // namespace tecs
