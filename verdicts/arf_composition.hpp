// A feedback report in Abuse Reporting Format (RFC 5965, RFC 6692), made from a verdict.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "tecs/error.hpp"
#include "verdicts/verdict.hpp"

namespace tecs {

// Plain value.
struct ArfComposition {
  std::string from;  // mail addresses
  std::string to;
  std::chrono::sys_seconds date;  // of the report
  std::string user_agent;         // "tecs/0.1.0"
  std::string feedback_type;
  // Encloses the message's header as text/rfc822-headers, and not its content.
  bool header_only = false;
};

// A mail that parse_arf() reads, with the evidence in TECS-Credential and TECS-Verdict. Its lines end with
// LF. reported: the message as it was delivered; its lines may end with CRLF. Delivered-To, X-Original-To,
// Bcc and Return-Path are left out of it. The verdict must be a pass with both end points, ports and all.
// Fails with bad_option for an address that is none, and with protocol_error when a complaint about such a
// verdict or message would not count, or when the message has to go without its content.
[[nodiscard]] Expected<std::string> compose_arf(const ArfComposition& composition, const Verdict& verdict,
                                                std::string_view reported);

}  // namespace tecs
