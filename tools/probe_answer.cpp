#include "tools/probe_answer.hpp"

#include <chrono>
#include <cstdlib>
#include <string_view>

namespace tecs {
namespace {

// A signature is good for its epoch and one step each way (PROTOCOL section 3), so half of that is surely
// within.
constexpr std::chrono::seconds good_clock{45};

// It hides STARTTLS and TECS-1 from whom it takes for an MTA.
constexpr std::string_view meets_signer =
    "where port 25 is redirected to tecs-signer, this must run as the signer's user "
    "(runuser -u tecs -- tecs probe ...), or it meets the signer.";

std::string reply_clause(const ProbeRecord& record) {
  return record.decisive_reply.empty() ? "" : " (" + record.decisive_reply + ")";
}

std::optional<ProbeAnswer> of_the_key(const ProbeExamination& examination) {
  if (!examination.key) return std::nullopt;
  const Verification& own = examination.key->verification;
  const std::string domain = examination.record.signature->credential.domain.text();
  if (own.result == Result::pass || own.result == Result::temperror || !own.error) return std::nullopt;
  if (own.error->reason == Reason::no_key) {
    return ProbeAnswer{
        "no key of " + domain + " stands in DNS",
        "Publish the record that 'tecs record' prints for the key, wait until it is to be seen "
        "with 'tecs lookup', and probe again."};
  }
  if (own.error->reason == Reason::signature_mismatch) {
    return ProbeAnswer{"the key that stands in DNS for " + domain + " is another one than that of --key",
                       "Publish the record that 'tecs record' prints for this key, or sign with the key that "
                       "is published."};
  }
  return ProbeAnswer{own.error->sentence,
                     "See the records above; 'tecs lookup' says what is wrong with each of them."};
}

// Where the server sees us from, against where we see ourselves.
std::optional<ProbeAnswer> of_the_address(const ProbeExamination& examination) {
  const ProbeRecord* heard = examination.with_challenge();
  if (heard == nullptr) return std::nullopt;
  const Endpoint& seen = heard->challenge->client;
  const Endpoint& own = heard->tuple.source();
  const bool signed_as_seen = examination.record.signature && examination.record.signature->tuple.source() !=
                                                                  examination.record.tuple.source();
  if (seen == own || signed_as_seen) return std::nullopt;
  return ProbeAnswer{
      "the server sees this host as " + seen.format() + ", and it sees itself as " + own.format() +
          ": something between the two translates addresses",
      "Probe with --challenge, which signs what the server sees. For tecs-signer that is nat = "
      "always, or nat = and the network of this host."};
}

std::optional<ProbeAnswer> of_the_clock(const ProbeExamination& examination) {
  const ProbeRecord* heard = examination.with_challenge();
  if (heard == nullptr) return std::nullopt;
  const std::chrono::seconds ahead = heard->time - heard->challenge->time;
  if (std::chrono::abs(ahead) <= good_clock) return std::nullopt;
  return ProbeAnswer{"the clock of this host is " + std::to_string(std::abs(ahead.count())) + " seconds " +
                         (ahead.count() > 0 ? "ahead of" : "behind") + " the server's",
                     "Let this host follow NTP; if it does, the server's administrator should look at the "
                     "clock there."};
}

ProbeAnswer refused(const ProbeExamination& examination) {
  const std::string what = "The signature was refused" + reply_clause(examination.record) + ": ";
  for (const auto& cause :
       {of_the_key(examination), of_the_address(examination), of_the_clock(examination)}) {
    if (cause) return {what + cause->why + ".", cause->advice};
  }
  const std::string seen = examination.with_challenge() != nullptr
                               ? "key, address and clock are right as far as is to be seen from here."
                               : "the key is right; how the server sees address and clock is not known.";
  return {what + seen,
          "The server's administrator sees the reason with 'tecs verdicts' and 'tecs explain'. Often the "
          "server stands behind address translation itself, remembers a former key for some time, or takes "
          "no key as short as this."};
}

ProbeAnswer accepted(const ProbeExamination& examination) {
  ProbeAnswer answer{"Signed: the server knows that " +
                         examination.record.signature->credential.domain.text() +
                         " answers for this connection.",
                     ""};
  const auto key = of_the_key(examination);
  if (key) {
    answer.why += " It found a key that is not to be seen from here.";
    answer.advice = "Here DNS says that " + key->why + ". Look at the resolver of this host.";
  }
  return answer;
}

}  // namespace

const ProbeRecord* ProbeExamination::with_challenge() const noexcept {
  if (second && second->challenge) return &*second;
  return record.challenge ? &record : nullptr;
}

ProbeAnswer answer_of(const ProbeExamination& examination) {
  const ProbeRecord& record = examination.record;
  switch (record.outcome) {
    case ProbeOutcome::offered:
      return {"AUTH TECS-1 is offered: this server takes signatures.",
              "To sign a connection to it, say --domain and --key."};
    case ProbeOutcome::accepted:
      return accepted(examination);
    case ProbeOutcome::challenged:
      return {"The server answered with its challenge.", ""};
    case ProbeOutcome::not_offered:
      return {
          "AUTH TECS-1 is not offered: mail goes to this server unsigned.",
          "There is nothing to do on this side, but for two cases: some servers offer it under TLS only, so "
          "do not say --tls none to those; and " +
              std::string(meets_signer)};
    case ProbeOutcome::refused:
      return refused(examination);
    case ProbeOutcome::put_off:
      return {
          "The signature cannot be checked now" + reply_clause(record) + ".",
          "Try again later. If it stays so, the server's administrator should look at tecs-milter and its "
          "resolver."};
    case ProbeOutcome::turned_away:
      return {"The server does not talk to this host" + reply_clause(record) + ".",
              "That has nothing to do with TECS: it takes no mail from here, signed or not."};
    case ProbeOutcome::busy:
      return {"The server does not talk to this host now" + reply_clause(record) + ".", "Try again later."};
    case ProbeOutcome::no_tls:
      return {"TLS is demanded, and the server does not do it" + reply_clause(record) + ".",
              "With --tls may it is probed as it is. And " + std::string(meets_signer)};
    case ProbeOutcome::tls_failed:
      return {
          "TLS is demanded, and the " + record.steps.back().meaning.substr(4),
          "With --tls encrypt no certificate is looked at; with --tls may what fails is done in the clear."};
    case ProbeOutcome::not_smtp:
      return {"What listens there does not speak SMTP.", "Look whether host and port are right."};
    case ProbeOutcome::none:
    case ProbeOutcome::lost:
      break;
  }
  return {"The connection broke off: see above.", "Try again. If it stays so, something on the way ends it."};
}

ExitCode exit_code_of(ProbeOutcome outcome) noexcept {
  switch (outcome) {
    case ProbeOutcome::offered:
    case ProbeOutcome::accepted:
    case ProbeOutcome::challenged:
      return ExitCode::ok;
    case ProbeOutcome::put_off:
    case ProbeOutcome::busy:
    case ProbeOutcome::lost:
      return ExitCode::temporary;
    default:
      return ExitCode::failed;
  }
}

}  // namespace tecs
