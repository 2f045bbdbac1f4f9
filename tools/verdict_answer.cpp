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

constexpr const char* keep_former_key =
    "The key was changed meanwhile. A former key should stay published, under a selector of its own, until "
    "no "
    "cache has it any more.";

// Empty: the signature does not fit with that key. A time that is off by no more than one step is one that
// receivers commonly take.
std::optional<std::chrono::seconds> offset_of(const std::optional<Verification>& verification) {
  return verification ? verification->epoch_offset : std::nullopt;
}

bool is_far(std::chrono::seconds offset) {
  return std::abs(offset.count()) > Epoch::step.count();
}

// Whether the key that the receiver used made the signature; that of now stands for it when it kept none.
std::optional<bool> made_with_its_key(const VerdictExamination& examination) {
  return examination.kept_key != nullptr ? examination.made_with_kept_key : examination.made_with_this_key;
}

VerdictAnswer made_with_another_key(const VerdictExamination& examination, const std::string& why) {
  const bool changed = examination.kept_key != nullptr && !examination.kept_key_stands.value_or(true);
  if (changed && examination.made_with_this_key.value_or(false)) {
    return {why + ": the key that is published now made it, and not the one that the receiver knew then",
            keep_former_key};
  }
  return {why + ": another key than the published one made it",
          "The sender has to publish the key that it signs with ('tecs record' prints the record), or to "
          "sign with the published one."};
}

// Which of the four is wrong: the time, the key, the addresses, or nothing any more.
VerdictAnswer mismatch(const VerdictExamination& examination) {
  const std::string why = "the signature does not fit this connection";
  const auto then = offset_of(examination.kept_verification);
  const auto now = offset_of(examination.verification);
  if ((then && *then != std::chrono::seconds{0}) || (!then && now && is_far(*now))) {
    return {why + ": it was made for a time " + seconds_text(then ? *then : *now) + " the receiver's",
            "One of the two clocks is wrong; the sender's and the receiver's should follow NTP."};
  }
  if (then) {
    return {why + ", but by what this verdict says it does",
            "The verdict does not hold all that the receiver saw, or was changed since."};
  }
  if (now) {
    return {why + " by the key that the receiver knew then, but does by the one that is published now",
            keep_former_key};
  }
  const auto made = made_with_its_key(examination);
  if (made.value_or(false)) {
    return {
        why +
            ": the published key did make it, for other addresses, ports or another time than the receiver "
            "saw",
        "Something between the two translates addresses. If it stands before the receiver (a load balancer, "
        "NAT), set public-address there; if before the sender, let the sender use the server's challenge."};
  }
  if (made) return made_with_another_key(examination, why);
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

// What passed once passes with the same key for ever; DNS does not matter for that.
VerdictAnswer pass(const VerdictExamination& examination) {
  const bool fits = !examination.kept_verification || examination.kept_verification->epoch_offset;
  if (fits)
    return {"the signature is right: " + domain_of(examination.verdict) + " answers for this connection", ""};
  return {
      "the verdict says that the signature is right, but by the key and the end points kept with it, it is "
      "not",
      "What the receiver wrote was changed since: do not take this verdict for evidence, and look at who "
      "can write to the store."};
}

VerdictAnswer of_the_auth(const VerdictExamination& examination) {
  const Verdict& verdict = examination.verdict;
  if (verdict.result == Result::none)
    return {"the client did not sign, so no domain answers for this connection", ""};
  if (verdict.result == Result::pass) return pass(examination);
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
