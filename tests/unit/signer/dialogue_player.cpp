#include "unit/signer/dialogue_player.hpp"

#include <regex>
#include <stdexcept>
#include <utility>
#include <vector>

#include "tecs/base64.hpp"
#include "unit/signer/script_text.hpp"

namespace tecs::test {
namespace {

using Kind = NextAction::Kind;

std::string_view name_of(Kind kind) {
  static const std::map<Kind, std::string_view> names{
      {Kind::connect, "connect"},     {Kind::read_mta, "read_mta"},
      {Kind::write_mta, "write_mta"}, {Kind::read_upstream, "read_upstream"},
      {Kind::start_tls, "start_tls"}, {Kind::write_upstream, "write_upstream"},
      {Kind::sign, "sign"},           {Kind::pump, "pump"},
      {Kind::close, "close"}};
  return names.at(kind);
}

Credential credential_of(std::string_view key) {
  static const std::map<std::string_view, std::size_t> signature_octets{
      {"ed25519", 64}, {"rsa-2048", 256}, {"rsa-4096", 512}};
  return {key == "ed25519" ? Algorithm::ed25519_sha256 : Algorithm::rsa_sha256, *Domain::parse("example.org"),
          *Selector::parse("s1"), Octets(signature_octets.at(key), 0x5a)};
}

}  // namespace

bool DialoguePlayer::fail(const std::string& sentence) {
  if (played_.failure.empty()) played_.failure = sentence;
  return false;
}

void DialoguePlayer::take(NextAction action) {
  for (;;) {
    action_ = std::move(action);
    played_.last = action_.kind;
    const std::string violation = invariants_.check(action_, dialogue_.outcome());
    if (played_.violation.empty()) played_.violation = violation;
    sent_["mta"] += action_.to_mta;
    played_.to_mta += action_.to_mta;
    if (over()) {
      sent_["up"] += action_.to_upstream;
      if (action_.kind == Kind::pump) {  // what was not read yet goes the same way
        sent_["up"] += std::exchange(inbox_["mta"], {});
        sent_["mta"] += std::exchange(inbox_["up"], {});
      }
      return;
    }
    if (const std::size_t number = played_.actions++; breakage_ && breakage_->action == number) {
      if (action_.kind == Kind::write_mta) {  // it did not get there
        played_.to_mta.resize(played_.to_mta.size() - action_.to_mta.size());
      }
      played_.broken = true;
      action = broken();
      continue;
    }
    sent_["up"] += action_.to_upstream;
    if (action_.kind != Kind::write_mta && action_.kind != Kind::write_upstream) return;
    action = dialogue_.written();
  }
}

NextAction DialoguePlayer::broken() {
  const bool late = breakage_->how == Break::timed_out;
  switch (action_.kind) {
    case Kind::connect:
      return dialogue_.connect_failed("it broke");
    case Kind::start_tls:
      return late ? dialogue_.timed_out() : dialogue_.tls_failed("it broke");
    case Kind::sign:
      return dialogue_.sign_failed("it broke");
    case Kind::read_mta:
      if (late) return dialogue_.timed_out();
      [[fallthrough]];
    case Kind::write_mta:
      played_.mta_gone = true;
      return dialogue_.mta_closed();
    default:
      return late ? dialogue_.timed_out() : dialogue_.upstream_closed("it broke");
  }
}

void DialoguePlayer::feed(std::string& inbox, NextAction (SmtpDialogue::*member)(std::string_view)) {
  const std::size_t size = pieces_ == Pieces::whole ? inbox.size() : 1;
  const std::string piece = inbox.substr(0, size);
  inbox.erase(0, size);
  take((dialogue_.*member)(piece));
}

// Until the dialogue wants something that the script has not provided.
void DialoguePlayer::run() {
  for (;;) {
    if (action_.kind == Kind::read_mta && !inbox_["mta"].empty()) {
      feed(inbox_["mta"], &SmtpDialogue::mta_sent);
    } else if (action_.kind == Kind::read_upstream && !inbox_["up"].empty()) {
      feed(inbox_["up"], &SmtpDialogue::upstream_sent);
    } else {
      return;
    }
  }
}

bool DialoguePlayer::want(Kind kind) {
  run();
  if (action_.kind == kind) return true;
  return fail("wanted " + std::string(name_of(kind)) + ", is at " + std::string(name_of(action_.kind)));
}

bool DialoguePlayer::expect_sent(const std::string& party, const std::string& octets) {
  run();
  std::string& sent = sent_[party];
  if (!sent.starts_with(octets)) return fail("was sent: " + (sent.empty() ? "nothing" : sent));
  sent.erase(0, octets.size());
  return true;
}

bool DialoguePlayer::play(const std::string& line) {
  const auto text_after = [&line](const std::string& start) -> std::optional<std::string> {
    if (!line.starts_with(start)) return std::nullopt;
    return line.substr(start.size());
  };
  for (const std::string party : {"up", "mta"}) {
    if (const auto text = text_after(party + " -> ")) return receive(party, unescaped(*text) + "\r\n");
    if (const auto text = text_after(party + " => ")) return receive(party, unescaped(*text));
    if (const auto text = text_after(party + " <= ")) return expect_sent(party, unescaped(*text));
    if (auto text = text_after(party + " <- ")) {
      replace(*text, "<credential>", credential_);
      replace(*text, "<short credential>", short_credential_);
      return expect_sent(party, *text + "\r\n");
    }
  }
  const std::size_t space = line.find(' ');
  const std::string word = line.substr(0, space);
  const std::string rest = space == std::string::npos ? "" : line.substr(space + 1);
  if (const auto kind = action_of(line)) {
    if (!want(*kind)) return false;
    if (auto answer = event(line, rest)) take(std::move(*answer));
    return true;
  }
  return expect_outcome(word, rest);
}

bool DialoguePlayer::receive(const std::string& party, const std::string& octets) {
  inbox_[party] += octets;
  return true;
}

// What the signer must be doing when this line comes; nothing for lines that are about the outcome.
std::optional<Kind> DialoguePlayer::action_of(const std::string& line) {
  static const std::vector<std::pair<std::string_view, Kind>> starts{
      {"connect", Kind::connect}, {"tls ", Kind::start_tls},          {"sign ", Kind::sign},
      {"pump", Kind::pump},       {"up closes", Kind::read_upstream}, {"mta closes", Kind::read_mta},
      {"close", Kind::close},     {"leave", Kind::read_mta}};
  run();
  if (line == "time passes") return action_.kind;
  for (const auto& [start, kind] : starts) {
    if (line.starts_with(start)) return kind;
  }
  return std::nullopt;
}

// What the dialogue wants after it; nothing at the end.
std::optional<NextAction> DialoguePlayer::event(const std::string& line, const std::string& rest) {
  if (line == "time passes") return dialogue_.timed_out();
  static constexpr std::string_view fails = "fails ";
  const bool failed = rest.starts_with(fails);
  const std::string reason = failed ? rest.substr(fails.size()) : "";
  switch (action_.kind) {
    case Kind::connect:
      inbox_["up"].clear();  // of an earlier connection
      return failed ? dialogue_.connect_failed(reason) : connected();
    case Kind::start_tls:
      inbox_["up"].clear();  // TLS does not protect it
      return failed ? dialogue_.tls_failed(reason) : tls_established();
    case Kind::sign:
      if (failed) return dialogue_.sign_failed(reason);
      return sign(rest);
    case Kind::read_upstream:
      return dialogue_.upstream_closed("the server closed the connection");
    case Kind::read_mta:
      return line == "leave" ? dialogue_.leave() : dialogue_.mta_closed();
    default:
      return std::nullopt;
  }
}

NextAction DialoguePlayer::connected() {
  invariants_.connected(setup_.terms());
  return dialogue_.connected(setup_.terms());
}

NextAction DialoguePlayer::tls_established() {
  invariants_.tls_established();
  return dialogue_.tls_established();
}

// KEY [as DOMAIN] [for CHALLENGE]
NextAction DialoguePlayer::sign(const std::string& words) {
  static const std::regex form("(\\S+)(?: as (\\S+))?(?: for (.+))?");
  std::smatch parts;
  if (!std::regex_match(words, parts, form)) throw std::runtime_error("no way to sign: " + words);
  const std::string domain = parts[2].matched ? parts[2].str() : "example.org";
  if (action_.identity != identity_of(domain)) fail("it signs as another than " + domain);
  const Challenge* const challenge = action_.challenge ? &*action_.challenge : nullptr;
  const std::string seen = challenge == nullptr ? "" : challenge->format();
  if (seen != parts[3].str()) fail("the challenge is: " + seen);
  const bool beforehand = dialogue_.identity_to_sign() == action_.identity;
  if (beforehand == setup_.terms().ask_for_challenge) fail("the signature is computed at the wrong time");
  const Credential credential = credential_of(parts[1].str());
  credential_ = encode_base64(octets_of(credential.format()));
  short_credential_ = encode_base64(octets_of(credential.format(Credential::Defaults::left_out)));
  return dialogue_.signed_with(credential);
}

bool DialoguePlayer::expect_outcome(const std::string& word, const std::string& rest) {
  const DialogueOutcome& outcome = dialogue_.outcome();
  if (word == "tls-failure") {
    return outcome.tls_failure == rest || fail("tls-failure is: " + outcome.tls_failure);
  }
  if (word == "refused") return outcome.refused || fail("the outcome does not say refused");
  if (word == "watched") {
    watch_expected_ = true;
    return (outcome.watch && outcome.watch->identity == identity_of(rest)) || fail("not watched for " + rest);
  }
  if (word == "hello")
    return outcome.watch->hello == rest + "\r\n" || fail("hello is: " + outcome.watch->hello);
  static const std::map<std::string, DialogueOutcome::Ending> endings{
      {"signed", DialogueOutcome::Ending::is_signed},
      {"unsigned", DialogueOutcome::Ending::not_signed},
      {"failed", DialogueOutcome::Ending::failed}};
  const auto ending = endings.find(word);
  if (ending == endings.end()) throw std::runtime_error("the script has no such word: " + word);
  return (outcome.ending == ending->second && outcome.reason == rest) ||
         fail("the outcome is: " + outcome.reason);
}

// A server that does plain SMTP with whoever comes.
NextAction DialoguePlayer::answer(const std::string& plain_reply) {
  switch (action_.kind) {
    case Kind::connect:
      return connected();
    case Kind::read_mta:
      return dialogue_.mta_sent("EHLO again.example.org\r\n");
    case Kind::sign:
      return dialogue_.signed_with(credential_of("ed25519"));
    case Kind::start_tls:
      return dialogue_.tls_failed("not here");
    default:
      return dialogue_.upstream_sent(plain_reply);
  }
}

void DialoguePlayer::play_on(World world) {
  constexpr int enough = 20;
  bool greeted = false;
  for (int turn = 0; !over(); ++turn) {
    if (turn == enough) {
      fail("the dialogue goes on and on");
      return;
    }
    if (world == World::gone) {
      played_.mta_gone = played_.mta_gone || action_.kind == Kind::read_mta;
      take(broken());
    } else {
      if (action_.kind == Kind::connect) greeted = false;
      const bool greeting = action_.kind == Kind::read_upstream && !std::exchange(greeted, true);
      take(answer(greeting ? "220 plain.example.com\r\n" : "250 plain.example.com\r\n"));
    }
  }
}

void DialoguePlayer::finish() {
  for (const auto& [party, octets] : sent_) {
    if (!octets.empty()) fail(party + " was sent more: " + octets);
  }
  if (!over()) fail("the script ends, the dialogue is at " + std::string(name_of(action_.kind)));
  played_.outcome = dialogue_.outcome();
  if (played_.outcome.watch.has_value() != watch_expected_) fail("it is watched, or it is not");
}

}  // namespace tecs::test
