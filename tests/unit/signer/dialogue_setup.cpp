#include "unit/signer/dialogue_setup.hpp"

#include <map>
#include <stdexcept>

namespace tecs::test {
namespace {

template <typename Word>
Word parse(const std::map<std::string, Word>& words, const std::string& word) {
  const auto found = words.find(word);
  if (found == words.end()) throw std::runtime_error("the setup has no such word: " + word);
  return found->second;
}

const IdentityTable& one_identity() {
  static const IdentityTable table(identity_of("example.org"));
  return table;
}

}  // namespace

Identity identity_of(const std::string& domain) {
  static const SigningKey key = *SigningKey::generate(KeyType::ed25519, 0);
  static std::map<std::string, Identity> identities{{"unsigned", nullptr}};
  const auto [place, is_new] = identities.try_emplace(domain);
  if (is_new) place->second = std::make_shared<const Signer>(*Domain::parse(domain), std::nullopt, key);
  return place->second;
}

IdentityChoice choice_among(const IdentityTable& identities) {
  return {identities, *ListenAddress::parse("127.0.0.1:10025"), *IpAddress::parse("192.0.2.1")};
}

bool DialogueSetup::take(const std::string& line) {
  const std::size_t space = line.find(' ');
  const std::string word = line.substr(0, space);
  const std::string rest = space == std::string::npos ? "" : line.substr(space + 1);
  if (word == "identity") {
    add_identity(rest);
  } else if (line == "challenge") {
    terms_.ask_for_challenge = true;
  } else if (line == "whole") {
    in_pieces_ = false;
  } else if (word == "signature") {
    terms_.signature = parse<SignatureDemand>({{"never", SignatureDemand::never},
                                               {"offered", SignatureDemand::offered},
                                               {"always", SignatureDemand::always}},
                                              rest);
  } else if (word == "demand") {
    terms_.tls = parse<TlsDemand>({{"never", TlsDemand::never}, {"required", TlsDemand::required}}, rest);
  } else if (word == "said") {
    hello_ = rest + "\r\n";
  } else if (word == "told") {
    told_ += rest + "\r\n";
  } else if (word == "held") {
    held_ += rest + "\r\n";
  } else {
    return false;
  }
  return true;
}

void DialogueSetup::add_identity(const std::string& words) {
  const std::size_t space = words.find(' ');
  const auto match = IdentityMatch::parse(words.substr(0, space));
  if (!match || space == std::string::npos) throw std::runtime_error("no identity: " + words);
  if (!identities_) identities_.emplace();
  if (!identities_->add(*match, identity_of(words.substr(space + 1)))) {
    throw std::runtime_error("stands there twice: " + words);
  }
}

IdentityChoice DialogueSetup::choice() const {
  return choice_among(identities_ ? *identities_ : one_identity());
}

SmtpDialogue DialogueSetup::make_dialogue() const {
  const DialogueSettings settings{.host = "relay.example.org"};
  if (!silent()) return {settings, choice()};
  SmtpReplyReader reader;
  reader.append(told_);
  const auto told = reader.next();
  if (!told || !*told) throw std::runtime_error("what was told is not a reply: " + told_);
  // Whose the earlier connection was does not matter to this one.
  return {settings, choice(), Continuation{nullptr, hello_, EhloCapabilities(**told)}, held_};
}

}  // namespace tecs::test
