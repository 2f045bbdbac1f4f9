// What a dialogue is told of the world beforehand.
#pragma once

#include <chrono>
#include <string>

#include "signer/destination_policy.hpp"
#include "smtp/tls_plan.hpp"

namespace tecs {

// RFC 5321 section 4.5.3.2 where it names one. What may fail without harm, because the signer then goes on
// without it, gets less: the MTA is waiting for its reply to EHLO meanwhile.
struct DialogueTimeLimits {
  std::chrono::milliseconds connect = std::chrono::seconds{30};
  std::chrono::milliseconds greeting = std::chrono::minutes{5};  // 4.5.3.2.1
  std::chrono::milliseconds reply = std::chrono::minutes{5};     // 4.5.3.2.2
  std::chrono::milliseconds command = std::chrono::minutes{5};   // 4.5.3.2.7
  std::chrono::milliseconds write = std::chrono::minutes{5};
  std::chrono::milliseconds starttls = std::chrono::seconds{60};  // for the reply and for the handshake
  std::chrono::milliseconds authentication = std::chrono::seconds{30};
};

struct DialogueSettings {
  std::string host;  // who says 421 to the MTA
  DialogueTimeLimits limits{};
};

// What holds for the connection to the server that was chosen.
struct ConnectionTerms {
  TlsDemand tls = TlsDemand::opportunistic;
  bool ask_for_challenge = false;  // sign what the server sees of our end (PROTOCOL section 6)
  SignatureDemand signature = SignatureDemand::may;
};

}  // namespace tecs
