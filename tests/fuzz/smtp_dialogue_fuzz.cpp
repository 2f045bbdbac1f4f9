// Both strangers of the signer at once, and what happens to the connection: each takes the next piece of the
// input, whose first octet says how long it is. The dialogue must end, and its last words to the MTA must be
// whole lines.
#include <cstdlib>

#include "signer/smtp_dialogue.hpp"
#include "tecs/octets.hpp"

namespace {

using namespace tecs;
using Kind = NextAction::Kind;

class Strangers {
 public:
  explicit Strangers(std::string_view input) : input_(input) {}

  // Never empty: a connection that has no more to say is closed.
  std::string_view next() {
    if (input_.empty()) return {};
    const std::size_t size = 1 + static_cast<std::uint8_t>(input_.front()) % 64;
    const std::string_view piece = input_.substr(1, size);
    input_.remove_prefix(std::min(input_.size(), size + 1));
    return piece;
  }

  bool coin() { return !next().empty(); }

 private:
  std::string_view input_;
};

NextAction step(SmtpDialogue& dialogue, const NextAction& action, Strangers& strangers) {
  switch (action.kind) {
    case Kind::connect:
      return strangers.coin() ? dialogue.connected() : dialogue.connect_failed("refused");
    case Kind::start_tls:
      return strangers.coin() ? dialogue.tls_established() : dialogue.tls_failed("broken");
    case Kind::write_mta:
    case Kind::write_upstream:
      return dialogue.written();
    case Kind::sign:
      return dialogue.signed_with(
          Credential{Algorithm::rsa_sha256, Domain::parse("example.org").value(), {}, Octets(512, 1)});
    case Kind::read_mta: {
      const std::string_view piece = strangers.next();
      return piece.empty() ? dialogue.mta_closed() : dialogue.mta_sent(piece);
    }
    default: {
      const std::string_view piece = strangers.next();
      return piece.empty() ? dialogue.upstream_closed("gone") : dialogue.upstream_sent(piece);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size) {
  SmtpDialogue dialogue({.host = "relay.example.org"});
  Strangers strangers(text_of({input, size}));
  NextAction action = dialogue.start();
  for (std::size_t steps = 0; action.kind != Kind::pump && action.kind != Kind::close; ++steps) {
    if (steps > 10 * size + 100) std::abort();  // it never ends
    action = step(dialogue, action, strangers);
  }
  if (action.kind == Kind::close && !action.to_mta.empty() && !action.to_mta.ends_with("\r\n")) std::abort();
  if (dialogue.outcome().ending == DialogueOutcome::Ending::is_signed && action.kind != Kind::pump)
    std::abort();
  return 0;
}
