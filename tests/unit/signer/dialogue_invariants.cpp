#include "unit/signer/dialogue_invariants.hpp"

#include <algorithm>

#include "smtp/smtp_command.hpp"

namespace tecs::test {
namespace {

using Kind = NextAction::Kind;
using Ending = DialogueOutcome::Ending;

bool among(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

}  // namespace

std::string DialogueInvariants::check(const NextAction& action, const DialogueOutcome& outcome) {
  switch (action.kind) {
    case Kind::connect:
      return check_connect();
    case Kind::write_upstream:
      return check_to_upstream(action.to_upstream);
    case Kind::write_mta:
      if (silent_) return "a silent dialogue speaks";
      return action.to_mta.ends_with("\r\n") ? "" : "the MTA is sent a part of a line";
    case Kind::read_mta:
      return silent_ ? "a silent dialogue listens" : "";
    case Kind::start_tls:
      return tls_up_ || terms_.tls == TlsDemand::never ? "a handshake that nobody wants" : "";
    case Kind::sign:
      return check_sign(action);
    case Kind::pump:
      return check_pump(action, outcome);
    case Kind::close:
      return check_close(action, outcome);
    default:
      return "";
  }
}

std::string DialogueInvariants::check_connect() {
  tls_up_ = false;
  signed_as_ = nullptr;
  return ++connections_ > maximum_connections ? "one connection too many" : "";
}

// One line at a time, and nothing of a transaction: that is the pump's.
std::string DialogueInvariants::check_to_upstream(std::string_view octets) const {
  if (!octets.ends_with("\r\n") || octets.find('\n') != octets.size() - 1) return "not one whole line";
  const std::string verb = verb_of(octets.substr(0, octets.size() - 2));
  if (among(verb, {"MAIL", "RCPT", "DATA", "BDAT"})) return verb + " came before the pump";
  const bool in_the_clear = terms_.tls == TlsDemand::required && !tls_up_;
  if (in_the_clear && !among(verb, {"EHLO", "STARTTLS", "NOOP", "RSET", "QUIT"})) {
    return verb + " in the clear";
  }
  if (verb == "STARTTLS" && terms_.tls == TlsDemand::never) return "STARTTLS that nobody wants";
  return "";
}

std::string DialogueInvariants::check_sign(const NextAction& action) {
  if (!action.identity) return "signs as nobody";
  if (terms_.signature == SignatureDemand::never) return "signs where nothing is to be signed";
  if (signed_as_) return "signs one connection twice";
  if (terms_.tls == TlsDemand::required && !tls_up_) return "signs in the clear";
  if (action.challenge && !terms_.ask_for_challenge) return "believes a challenge";
  signed_as_ = action.identity;
  return "";
}

std::string DialogueInvariants::check_pump(const NextAction& action, const DialogueOutcome& outcome) const {
  if (terms_.tls == TlsDemand::required && !tls_up_) return "pumps in the clear";
  const bool is_signed = outcome.ending == Ending::is_signed;
  if (is_signed != outcome.reason.empty()) return "no reason, or one too many: " + outcome.reason;
  if (outcome.ending == Ending::failed) return "pumps although it failed";
  if (!is_signed && terms_.signature == SignatureDemand::always) return "pumps unsigned";
  if (is_signed && (!signed_as_ || signed_as_ != outcome.identity)) return "signed as somebody else";
  if (silent_ && !action.to_upstream.starts_with("MAIL") && !action.to_upstream.starts_with("mail")) {
    return "what was held is lost";
  }
  return check_watch(outcome);
}

// A signature must not serve whoever speaks next: not after another MAIL, not after another EHLO.
std::string DialogueInvariants::check_watch(const DialogueOutcome& outcome) const {
  const bool may_change = !choice_.at_connect();
  if (!outcome.watch) {
    return may_change && outcome.ending == Ending::is_signed ? "not watched, and others may speak" : "";
  }
  if (terms_.signature == SignatureDemand::never) return "watched, and nothing is signed";
  if (!may_change) return "watched, and nobody else can speak";
  if (outcome.watch->identity != outcome.identity) return "watches for somebody else";
  std::string_view hello = outcome.watch->hello;
  if (!hello.ends_with("\r\n")) return "the EHLO of a fresh connection is not a line";
  hello.remove_suffix(2);
  const auto of_hello = choice_.at_hello(argument_of(hello));
  return of_hello && *of_hello != outcome.identity ? "its EHLO names somebody else" : "";
}

std::string DialogueInvariants::check_close(const NextAction& action, const DialogueOutcome& outcome) const {
  if (outcome.ending == Ending::is_signed) return "closes although all went well";
  if (outcome.reason.empty()) return "closes without a reason";
  if (action.to_mta.empty()) return outcome.reason == "the MTA closed the connection" ? "" : "no last word";
  return action.to_mta.ends_with("\r\n") ? "" : "the last word is not a whole line";
}

}  // namespace tecs::test
