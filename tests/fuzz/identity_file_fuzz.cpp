// The identities file of an administrator, and names from its neighbours as strangers may give them. Whatever
// entry is read must be found again by its name, in whatever case, and by no other name.
#include <cctype>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "signer/identity_file.hpp"
#include "tecs/octets.hpp"

namespace {

using namespace tecs;

void demand(bool good) {
  if (!good) std::abort();
}

std::string upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

// Sentences go to the log.
void look_at(const Error& error) {
  demand(error.reason == Reason::bad_option && error.sentence.starts_with("identities:"));
  for (const char c : error.sentence) demand(c >= ' ' && c < 0x7F);
}

class FilledTable {
 public:
  explicit FilledTable(const std::vector<IdentityLine>& lines) {
    for (const IdentityLine& line : lines) {
      demand(IdentityMatch::parse(line.match.format()).value() == line.match);
      const Identity identity = line.signing ? make(*line.signing) : nullptr;
      demand(table_.add(line.match, identity) && !table_.add(line.match, identity));
      identities_[line.match.format()] = identity;
    }
    demand(table_.size() == lines.size());
  }

  // name: any octets.
  void look_up(const std::string& name) const {
    const auto helo = table_.of_hello(name);
    demand(table_.of_hello(upper(name)) == helo);
    if (!name.empty()) demand(table_.of_sender(upper(name)) == table_.of_sender(name));
    const auto exact = identities_.find("helo:" + name);
    if (exact != identities_.end() && name.find('*') == std::string::npos) demand(helo == exact->second);
    if (helo || name.size() > 253) return;  // no name is longer
    // Nothing was found: no parent of the name has an entry either.
    for (std::size_t dot = name.find('.'); dot != std::string::npos; dot = name.find('.', dot + 1)) {
      demand(!identities_.contains("helo:*" + name.substr(dot)));
    }
  }

 private:
  [[nodiscard]] static Identity make(const IdentityLine::Signing& signing) {
    static const SigningKey key = SigningKey::generate(KeyType::ed25519, 0).value();
    return std::make_shared<const Signer>(signing.domain, signing.selector, key);
  }

  IdentityTable table_;
  std::map<std::string, Identity> identities_;  // by the text of their match
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size) {
  const std::string text(text_of({input, size}));
  const auto lines = parse_identities(text, "identities");
  if (!lines) {
    look_at(lines.error());
    return 0;
  }
  const FilledTable table(*lines);
  table.look_up(text);
  for (const IdentityLine& line : *lines) {
    const std::string match = line.match.format();
    const std::string name = match.substr(match.find(':') + 1);
    table.look_up(name);
    table.look_up("x." + name);
    table.look_up(name.starts_with("*") ? "x" + name.substr(1) : name.substr(name.find('.') + 1));
  }
  return 0;
}
