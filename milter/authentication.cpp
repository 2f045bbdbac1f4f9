#include "milter/authentication.hpp"

#include "tecs/credential.hpp"
#include "tecs/printable_text.hpp"

namespace tecs {

std::string evidence_of(std::string_view response) {
  // Four digits of base64 hold three octets (RFC 4648 section 4).
  constexpr std::size_t longest = (Credential::maximum_octets + 2) / 3 * 4;
  return printable_text(response, longest);
}

void describe(const Authentication& authentication, Verdict& verdict) {
  const Verification& verification = authentication.verification;
  verdict.result = verification.result;
  verdict.reason = verification.error ? std::string(word(verification.error->reason)) : std::string();
  verdict.detail = verification.detail();
  verdict.domain = verification.domain ? verification.domain->text() : std::string();
  verdict.selector = verification.selector ? verification.selector->text() : std::string();
  verdict.algorithm = verification.algorithm ? std::string(format(*verification.algorithm)) : std::string();
  verdict.key_bits = verification.key_bits;
  verdict.dnssec = verification.dnssec;
  verdict.testing = verification.testing;
  verdict.epoch_offset = verification.epoch_offset;
  if (authentication.tuple) verdict.server = authentication.tuple->destination().format();
  if (authentication.epoch) verdict.epoch = authentication.epoch->time();
  if (authentication.reputation) {
    verdict.reputation = word(authentication.reputation->reputation);
    verdict.reputation_source = authentication.reputation->source;
  }
  verdict.credential = authentication.credential;
  if (verification.key_record != nullptr) verdict.key_record = verification.key_record->format();
  verdict.dns_time = authentication.dns_time;
  verdict.verification_time = authentication.verification_time;
}

}  // namespace tecs
