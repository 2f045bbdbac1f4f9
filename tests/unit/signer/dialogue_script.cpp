#include "unit/signer/dialogue_script.hpp"

#include <fstream>
#include <map>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "tecs/base64.hpp"

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

void replace(std::string& text, std::string_view from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

std::string unescaped(std::string_view text) {
  static const std::map<char, char> letters{{'0', '\0'}, {'r', '\r'}, {'n', '\n'}, {'\\', '\\'}};
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    result.push_back(text[i] == '\\' ? letters.at(text.at(++i)) : text[i]);
  }
  return result;
}

// Carries out what the dialogue wants, with what the script says that the others say.
class Player {
 public:
  struct Breakage {
    std::size_t action;
    Break how;
  };
  Player(bool tls, Pieces pieces, std::optional<Breakage> breakage = std::nullopt)
      : dialogue_({.host = "relay.example.org", .tls = tls}), pieces_(pieces), breakage_(breakage) {
    take(dialogue_.start());
  }

  // One line of the script; false, with a failure, when the dialogue does something else.
  bool play(const std::string& line);
  // The rest of a dialogue in which something was broken.
  void play_on(World world);

  [[nodiscard]] Played& played() { return played_; }
  [[nodiscard]] bool over() const { return action_.kind == Kind::pump || action_.kind == Kind::close; }
  void finish();

 private:
  void take(NextAction action);
  [[nodiscard]] NextAction broken();
  void run();
  bool want(Kind kind);
  bool fail(const std::string& sentence);
  bool expect_sent(std::string& sent, const std::string& octets);
  bool expect(const std::string& word, const std::string& rest);
  void feed(std::string& inbox, NextAction (SmtpDialogue::*receive)(std::string_view));
  [[nodiscard]] NextAction answer(const std::string& plain_reply);

  SmtpDialogue dialogue_;
  Pieces pieces_;
  std::optional<Breakage> breakage_;
  NextAction action_{.kind = Kind::close};
  std::map<std::string, std::string> inbox_;  // what the parties sent and the signer has not read
  std::map<std::string, std::string> sent_;   // what they were sent and the script has not mentioned
  std::string credential_;
  std::string short_credential_;
  Played played_;
};

bool Player::fail(const std::string& sentence) {
  if (played_.failure.empty()) played_.failure = sentence;
  return false;
}

void Player::take(NextAction action) {
  for (;;) {
    action_ = std::move(action);
    played_.last = action_.kind;
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

NextAction Player::broken() {
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

void Player::feed(std::string& inbox, NextAction (SmtpDialogue::*receive)(std::string_view)) {
  const std::size_t size = pieces_ == Pieces::whole ? inbox.size() : 1;
  const std::string piece = inbox.substr(0, size);
  inbox.erase(0, size);
  take((dialogue_.*receive)(piece));
}

// Until the dialogue wants something that the script has not provided.
void Player::run() {
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

bool Player::want(Kind kind) {
  run();
  if (action_.kind == kind) return true;
  return fail("wanted " + std::string(name_of(kind)) + ", is at " + std::string(name_of(action_.kind)));
}

bool Player::expect_sent(std::string& sent, const std::string& octets) {
  run();
  if (!sent.starts_with(octets)) return fail("was sent: " + (sent.empty() ? "nothing" : sent));
  sent.erase(0, octets.size());
  return true;
}

bool Player::play(const std::string& line) {
  const auto arrow = [&line](std::string_view party, std::string_view mark) -> std::optional<std::string> {
    const std::string start = std::string(party).append(" ").append(mark).append(" ");
    if (!line.starts_with(start)) return std::nullopt;
    return line.substr(start.size());
  };
  for (const std::string party : {"up", "mta"}) {
    if (const auto text = arrow(party, "->")) return inbox_[party] += unescaped(*text) + "\r\n", true;
    if (const auto text = arrow(party, "=>")) return inbox_[party] += unescaped(*text), true;
    if (const auto text = arrow(party, "<=")) return expect_sent(sent_[party], unescaped(*text));
    if (auto text = arrow(party, "<-")) {
      replace(*text, "<credential>", credential_);
      replace(*text, "<short credential>", short_credential_);
      return expect_sent(sent_[party], *text + "\r\n");
    }
  }
  const std::size_t space = line.find(' ');
  return expect(line.substr(0, space), space == std::string::npos ? std::string() : line.substr(space + 1));
}

bool Player::expect(const std::string& word, const std::string& rest) {
  constexpr std::string_view fails = "fails ";
  const std::string reason = rest.starts_with(fails) ? rest.substr(fails.size()) : std::string();
  if (word == "connect" || (word == "tls" && (rest == "established" || !reason.empty())) || word == "sign") {
    const Kind kind = word == "connect" ? Kind::connect : word == "tls" ? Kind::start_tls : Kind::sign;
    if (!want(kind)) return false;
    inbox_["up"].clear();  // of an earlier connection, or not part of what TLS protects
    if (kind == Kind::connect)
      return take(reason.empty() ? dialogue_.connected() : dialogue_.connect_failed(reason)), true;
    if (kind == Kind::start_tls)
      return take(reason.empty() ? dialogue_.tls_established() : dialogue_.tls_failed(reason)), true;
    if (!reason.empty()) return take(dialogue_.sign_failed(reason)), true;
    const Credential credential = credential_of(rest);
    credential_ = encode_base64(octets_of(credential.format()));
    short_credential_ = encode_base64(octets_of(credential.format(Credential::Defaults::left_out)));
    return take(dialogue_.signed_with(credential)), true;
  }
  if (word == "up" && rest == "closes") {
    return want(Kind::read_upstream) &&
           (take(dialogue_.upstream_closed("the server closed the connection")), true);
  }
  if (word == "mta" && rest == "closes") return want(Kind::read_mta) && (take(dialogue_.mta_closed()), true);
  if (word == "time" && rest == "passes") return run(), take(dialogue_.timed_out()), true;
  if (word == "pump") return want(Kind::pump);
  if (word == "close") return want(Kind::close);
  const DialogueOutcome& outcome = dialogue_.outcome();
  if (word == "tls-failure")
    return outcome.tls_failure == rest || fail("tls-failure is: " + outcome.tls_failure);
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
NextAction Player::answer(const std::string& plain_reply) {
  switch (action_.kind) {
    case Kind::connect:
      return dialogue_.connected();
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

void Player::play_on(World world) {
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

void Player::finish() {
  for (const auto& [party, octets] : sent_) {
    if (!octets.empty()) fail(party + " was sent more: " + octets);
  }
  if (!over()) fail("the script ends, the dialogue is at " + std::string(name_of(action_.kind)));
  played_.outcome = dialogue_.outcome();
}

}  // namespace

DialogueScript DialogueScript::load(const std::filesystem::path& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path.string());
  DialogueScript script;
  for (std::string line; std::getline(file, line);) {
    if (!line.empty() && line.front() != '#') script.lines_.push_back(line);
  }
  return script;
}

Played DialogueScript::play(Pieces pieces) const {
  const bool tls = lines_.front() != "tls none";
  Player player(tls, pieces);
  for (const std::string& line : lines_) {
    if (line == "tls none") continue;
    if (!player.play(line)) {
      player.played().failure = "at \"" + line + "\": " + player.played().failure;
      return player.played();
    }
  }
  player.finish();
  return player.played();
}

Played DialogueScript::play_broken(std::size_t action, Break how, World world) const {
  const bool tls = lines_.front() != "tls none";
  Player player(tls, Pieces::whole, Player::Breakage{action, how});
  for (const std::string& line : lines_) {
    if (line == "tls none" || player.played().broken) continue;
    (void)player.play(line);
  }
  player.played().failure.clear();
  player.play_on(world);
  player.played().outcome = {};
  const std::string failure = player.played().failure;
  player.finish();
  player.played().failure = failure;
  return player.played();
}

}  // namespace tecs::test
