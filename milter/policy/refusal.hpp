// What a client is told that is refused: enough to find out why, nothing about the inside of this host.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "tecs/verification.hpp"
#include "verdicts/reputation.hpp"

namespace tecs {

// A reply to an SMTP command (RFC 5321 section 4.2, RFC 3463). Plain value.
struct Refusal {
  const char* code;    // "451": the client may come again
  const char* status;  // "4.7.1"
  std::string
      sentence;  // words of ours and checked names only; no percent sign, which libmilter would expand

  [[nodiscard]] bool temporary() const noexcept { return code[0] == '4'; }
};

// To MAIL: 550 5.7.1, with the domain and the reason words.
[[nodiscard]] Refusal rejection(const Verification& verification,
                                const std::optional<Reputation>& reputation);

// To MAIL: 451 4.7.1. delay: what a new client has to wait at the least.
[[nodiscard]] Refusal greylisting(const Verification& verification, std::chrono::seconds delay);

// To RCPT: 554 5.7.1, from the relay guard.
[[nodiscard]] Refusal relaying_denied();

}  // namespace tecs
