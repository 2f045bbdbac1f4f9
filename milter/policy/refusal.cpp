#include "milter/policy/refusal.hpp"

namespace tecs {

Refusal rejection(const Verification& verification, const std::optional<Reputation>& reputation) {
  const std::string domain = verification.domain ? verification.domain->text() : std::string();
  std::string sentence;
  if (verification.result == Result::pass) {
    sentence = "mail from connections signed by " + domain + " is not accepted here";
    if (reputation) sentence += " (reputation " + std::string(word(*reputation)) + ")";
  } else if (verification.result == Result::none) {
    sentence = "mail from connections without TECS-1 is not accepted here";
  } else {
    sentence = "mail from this connection is not accepted here: TECS-1";
    if (!domain.empty()) sentence += " for " + domain;
    sentence += " gave " + std::string(word(verification.result));
    if (verification.error) sentence += " (" + std::string(word(verification.error->reason)) + ")";
  }
  return Refusal{"550", "5.7.1", std::move(sentence)};
}

Refusal greylisting(const Verification& verification, std::chrono::seconds delay) {
  const std::string who = verification.result == Result::pass && verification.domain
                              ? verification.domain->text() + " is"
                              : std::string("your network is");
  return Refusal{
      "451", "4.7.1",
      who + " greylisted here, come again in " + std::to_string(delay.count()) + " seconds or later"};
}

Refusal relaying_denied() {
  return Refusal{"554", "5.7.1", "TECS-1 says who answers for a connection, it permits no relaying"};
}

}  // namespace tecs
