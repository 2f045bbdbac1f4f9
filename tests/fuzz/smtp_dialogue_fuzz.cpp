// Both strangers of the signer at once, and what happens to the connection. The first octet says what holds
// beforehand. Then each takes the next piece of the input, whose first octet says how long it is, or that
// none comes: time passes, or the connection breaks. What must never happen is known to the invariants; and
// the dialogue must end.
#include <cstdint>
#include <cstdlib>

#include "signer/smtp_dialogue.hpp"
#include "tecs/octets.hpp"
#include "unit/signer/dialogue_invariants.hpp"
#include "unit/signer/dialogue_setup.hpp"

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

// Reads and writes, all of which may also end without success.
NextAction transfer(SmtpDialogue& dialogue, Kind kind, Strangers& strangers) {
  if (strangers.late()) return dialogue.timed_out();
  const bool broken = strangers.broken();
  if (broken) return with_mta(kind) ? dialogue.mta_closed() : dialogue.upstream_closed("broken");
  if (kind == Kind::write_mta || kind == Kind::write_upstream) return dialogue.written();
  const std::string_view piece = strangers.next();
  if (kind == Kind::read_mta) return piece.empty() ? dialogue.mta_closed() : dialogue.mta_sent(piece);
  return piece.empty() ? dialogue.upstream_closed("gone") : dialogue.upstream_sent(piece);
}

// One bit a word.
test::DialogueSetup setup_of(unsigned bits) {
  test::DialogueSetup setup;
  const auto take = [&setup, &bits](const char* line) {
    if ((bits & 1U) != 0) (void)setup.take(line);
    bits >>= 1U;
  };
  take("demand never");
  take("demand required");
  take("signature offered");
  take("signature always");
  take("challenge");
  const bool continues = (bits & 2U) != 0;
  if (continues || (bits & 1U) != 0) {  // senders have identities
    for (const char* const line :
         {"identity sender:a.example a.example", "identity sender:*.b.example b.example",
          "identity sender:<> unsigned", "identity helo:h.example h.example"}) {
      (void)setup.take(line);
    }
  }
  if (continues) {
    for (const char* const line :
         {"said EHLO relay.example.org", "told 250-mx", "told 250-SIZE 100", "told 250 DSN",
          "held MAIL FROM:<x@a.example>", "held RCPT TO:<y@example.com>"}) {
      (void)setup.take(line);
    }
  }
  return setup;
}

// The driver: carries out what the dialogue wants, with what the strangers say.
class Session {
 public:
  // Bit 7 of the setup: a credential that does not fit the AUTH line.
  Session(std::string_view input, unsigned bits)
      : setup_(setup_of(bits)),
        dialogue_(setup_.make_dialogue()),
        invariants_(setup_),
        strangers_(input),
        signature_octets_((bits & 0x80U) != 0 ? 512 : 64),
        maximum_steps_(10 * input.size() + 100) {}

  void play() {
    NextAction action = dialogue_.start();
    check(action);
    for (std::size_t steps = 0; action.kind != Kind::pump && action.kind != Kind::close; ++steps) {
      if (steps > maximum_steps_) std::abort();  // it never ends
      action = step(action);
      check(action);
    }
  }

 private:
  void check(const NextAction& action) {
    if (!invariants_.check(action, dialogue_.outcome()).empty()) std::abort();
  }

  NextAction step(const NextAction& action) {
    switch (action.kind) {
      case Kind::connect:
        if (!strangers_.coin()) return dialogue_.connect_failed("refused");
        invariants_.connected(setup_.terms());
        return dialogue_.connected(setup_.terms());
      case Kind::start_tls: {
        if (strangers_.late()) return dialogue_.timed_out();
        const bool established = !strangers_.broken() && strangers_.coin();
        if (!established) return dialogue_.tls_failed("broken");
        invariants_.tls_established();
        return dialogue_.tls_established();
      }
      case Kind::sign:
        if (strangers_.broken()) return dialogue_.sign_failed("no key");
        return dialogue_.signed_with(Credential{
            Algorithm::rsa_sha256, Domain::parse("example.org").value(), {}, Octets(signature_octets_, 1)});
      default:
        return transfer(dialogue_, action.kind, strangers_);
    }
  }

  test::DialogueSetup setup_;
  SmtpDialogue dialogue_;
  test::DialogueInvariants invariants_;
  Strangers strangers_;
  std::size_t signature_octets_;
  std::size_t maximum_steps_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size) {
  if (size == 0) return 0;
  Session(text_of({input + 1, size - 1}), input[0]).play();
  return 0;
}
