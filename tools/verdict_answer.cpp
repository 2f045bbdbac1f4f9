#include "tools/verdict_answer.hpp"

#include <chrono>
#include <cstdlib>

#include "tools/plain_text.hpp"
#include "tools/reason_answer.hpp"

namespace tecs {
namespace {

std::string domain_of(const Verdict& verdict) {
  return verdict.domain.empty() ? "the domain" : plain_text(verdict.domain);
}

std::string seconds_text(std::chrono::seconds offset) {
  const std::string count = std::to_string(std::abs(offset.count())) + " seconds ";
  return count + (offset.count() < 0 ? "behind" : "ahead of");
}

// Which of the four is wrong: the time, the key, the addresses, or nothing any more.
VerdictAnswer mismatch(const VerdictExamination& examination) {
  const std::string why = "the signature does not fit this connection";
  const auto& now = examination.verification;
  if (now && now->epoch_offset && std::abs(now->epoch_offset->count()) > Epoch::step.count()) {
    return {why + ": it was made for a time " + seconds_text(*now->epoch_offset) + " the receiver's",
            "One of the two clocks is wrong; the sender's and the receiver's should follow NTP."};
  }
  if (now && now->epoch_offset) {
    return {why + " by the key that the receiver knew then, but does by the one that is published now",
            "The key was changed meanwhile. A former key should stay published, under a selector of its own, "
            "until no cache has it any more."};
  }
  if (examination.made_with_this_key.value_or(false)) {
    return {
        why +
            ": the published key did make it, for other addresses, ports or another time than the receiver "
            "saw",
        "Something between the two translates addresses. If it stands before the receiver (a load balancer, "
        "NAT), set public-address there; if before the sender, let the sender use the server's challenge."};
  }
  if (examination.made_with_this_key) {
    return {why + ": another key than the published one made it",
            "The sender has to publish the key that it signs with ('tecs record' prints the record), or to "
            "sign with the published one."};
  }
  return {
      why + " and the key that is published",
      "The sender signs with another key, or saw other addresses, ports or another time than the receiver; "
      "the octets above are those that should have been signed."};
}

VerdictAnswer refusal(const VerdictExamination& examination) {
  const Verdict& verdict = examination.verdict;
  if (verdict.reason == word(Reason::signature_mismatch)) return mismatch(examination);
  if (const auto found = answer_of_reason(verdict.reason))
    return {std::string(found->why), std::string(found->advice)};
  return {plain_text(verdict.detail.empty() ? verdict.reason : verdict.detail), ""};
}

VerdictAnswer of_the_auth(const VerdictExamination& examination) {
  const Verdict& verdict = examination.verdict;
  if (verdict.result == Result::none)
    return {"the client did not sign, so no domain answers for this connection", ""};
  if (verdict.result == Result::pass)
    return {"the signature is right: " + domain_of(verdict) + " answers for this connection", ""};
  VerdictAnswer answer = refusal(examination);
  // The mail may have come in all the same.
  answer.why = "AUTH was refused with " + std::string(word(verdict.result)) + ", as " + answer.why;
  if (verdict.testing)
    answer.why += "; the domain is testing (t=y), so that is scored as if it had not signed";
  return answer;
}

std::string of_the_action(const Verdict& verdict) {
  if (verdict.action.empty()) return "";
  if (verdict.action == "none") return "; nothing was done about the mail";
  const std::string action = plain_text(verdict.action);
  if (verdict.mode == "monitor")
    return "; that is worth '" + action + "', which was only noted, as the receiver monitors";
  if (verdict.action == "accept") return "; the mail was marked as accepted";
  if (verdict.action == "reject") return "; the mail was rejected for its score";
  return "; the mail met '" + action + "' for its score";
}

std::string reputation_advice(const Verdict& verdict) {
  const bool counted =
      verdict.result == Result::pass && (verdict.reputation == "bad" || verdict.reputation == "medium");
  if (!counted) return "";
  return "The reputation '" + plain_text(verdict.reputation) + "' comes from " +
         plain_text(verdict.reputation_source) +
         ", and is to be mended there; a file: source named before it in the configuration overrules it.";
}

}  // namespace

VerdictAnswer answer_of(const VerdictExamination& examination) {
  VerdictAnswer answer = of_the_auth(examination);
  answer.why += of_the_action(examination.verdict) + ".";
  if (answer.why.front() >= 'a' && answer.why.front() <= 'z') answer.why.front() -= 'a' - 'A';
  if (answer.advice.empty()) answer.advice = reputation_advice(examination.verdict);
  return answer;
}

}  // namespace tecs
