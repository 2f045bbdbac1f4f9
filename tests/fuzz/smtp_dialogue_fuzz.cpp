// Both strangers of the signer at once, and what happens to the connection: each takes the next piece of the
// input, whose first octet says how long it is, or that none comes: time passes, or the connection breaks.
// The dialogue must end, after no more connections than it promises, and its last words to the MTA must be
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

  // No length needs the two upper bits of its octet.
  bool late() { return take(0b11); }
  bool broken() { return take(0b10); }

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
  bool take(unsigned upper_bits) {
    if (input_.empty() || static_cast<std::uint8_t>(input_.front()) >> 6U != upper_bits) return false;
    input_.remove_prefix(1);
    return true;
  }

  std::string_view input_;
};

bool with_mta(Kind kind) {
  return kind == Kind::read_mta || kind == Kind::write_mta;
}

// Reads, writes and the handshake, all of which may also end without success.
NextAction transfer(SmtpDialogue& dialogue, Kind kind, Strangers& strangers) {
  if (strangers.late()) return dialogue.timed_out();
  const bool broken = strangers.broken();
  if (broken && kind == Kind::start_tls) return dialogue.tls_failed("broken");
  if (broken) return with_mta(kind) ? dialogue.mta_closed() : dialogue.upstream_closed("broken");
  if (kind == Kind::write_mta || kind == Kind::write_upstream) return dialogue.written();
  if (kind == Kind::start_tls)
    return strangers.coin() ? dialogue.tls_established() : dialogue.tls_failed("broken");
  const std::string_view piece = strangers.next();
  if (kind == Kind::read_mta) return piece.empty() ? dialogue.mta_closed() : dialogue.mta_sent(piece);
  return piece.empty() ? dialogue.upstream_closed("gone") : dialogue.upstream_sent(piece);
}

NextAction step(SmtpDialogue& dialogue, const NextAction& action, Strangers& strangers) {
  switch (action.kind) {
    case Kind::connect:
      return strangers.coin() ? dialogue.connected() : dialogue.connect_failed("refused");
    case Kind::sign:
      if (strangers.broken()) return dialogue.sign_failed("no key");
      return dialogue.signed_with(
          Credential{Algorithm::rsa_sha256, Domain::parse("example.org").value(), {}, Octets(512, 1)});
    default:
      return transfer(dialogue, action.kind, strangers);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size) {
  SmtpDialogue dialogue({.host = "relay.example.org"});
  Strangers strangers(text_of({input, size}));
  NextAction action = dialogue.start();
  int connections = 0;
  for (std::size_t steps = 0; action.kind != Kind::pump && action.kind != Kind::close; ++steps) {
    // The first, one without TLS, one without AUTH.
    if (action.kind == Kind::connect && ++connections > 3) std::abort();
    if (steps > 10 * size + 100) std::abort();  // it never ends
    action = step(dialogue, action, strangers);
  }
  if (action.kind == Kind::close && !action.to_mta.empty() && !action.to_mta.ends_with("\r\n")) std::abort();
  if (dialogue.outcome().ending == DialogueOutcome::Ending::is_signed && action.kind != Kind::pump)
    std::abort();
  return 0;
}
