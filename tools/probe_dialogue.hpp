// What `tecs probe` says to a server, and what it makes of each answer. Does no I/O: whoever drives it does
// what the last action says, and tells how it came out.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "smtp/auth_command.hpp"
#include "smtp/smtp_reply.hpp"
#include "smtp/tls_plan.hpp"
#include "tecs/challenge.hpp"
#include "tecs/credential.hpp"
#include "tecs/error.hpp"

namespace tecs {

struct ProbeSettings {
  enum class Aim {
    look,       // whether TECS-1 is offered
    sign,       // with an initial response
    challenge,  // sign after the 334
    ask,        // hear the 334 and cancel
  };

  std::string helo;  // for EHLO; a name or an address literal
  TlsDemand tls = TlsDemand::opportunistic;
  Aim aim = Aim::look;
};

// One thing that was said, or happened, and what it means for a person. All texts are printable.
struct ProbeStep {
  std::string name;                // "greeting", "ehlo", "starttls", "tls", "auth", "quit"
  std::string said;                // by us, without CRLF; empty: the server spoke first
  std::vector<std::string> reply;  // the lines of it, codes included
  std::string meaning;             // sentences
};

enum class ProbeOutcome {
  none,         // it goes on
  offered,      // TECS-1 is there; nothing was signed, as was wanted
  accepted,     // 235
  challenged,   // the 334 was heard and AUTH cancelled, as was wanted
  not_offered,  // TECS-1 is not there
  refused,      // the signature, for good
  put_off,      // the signature, for now
  turned_away,  // the client, for good: before AUTH
  busy,         // the client, for now: before AUTH
  no_tls,       // TLS was demanded and is not offered, or STARTTLS refused
  tls_failed,   // the handshake
  lost,         // the connection ended, or nothing came in time
  not_smtp,     // what came is no reply
};
[[nodiscard]] std::string_view word(ProbeOutcome outcome) noexcept;

// What is to be done next.
struct Hear {};  // wait for octets: received(), or lost()
struct Say {     // send them, then as Hear
  std::string octets;
};
struct BeginTls {};  // secured(), or handshake_failed()
struct SignNow {     // signed_as(), or lost()
  std::optional<Challenge> challenge;
};
struct End {};  // close; nothing more is to be told
using ProbeAction = std::variant<Hear, Say, BeginTls, SignNow, End>;

// Bounded as SmtpReplyReader is. Not thread safe.
class ProbeDialogue {
 public:
  explicit ProbeDialogue(ProbeSettings settings);

  [[nodiscard]] ProbeAction begin() { return Hear{}; }
  [[nodiscard]] ProbeAction received(std::string_view octets);
  // meaning: a sentence on version and certificate.
  [[nodiscard]] ProbeAction secured(const std::string& meaning);
  [[nodiscard]] ProbeAction handshake_failed(const std::string& why);
  [[nodiscard]] ProbeAction signed_as(const Credential& credential);
  // The connection is gone, or cannot be used; why: a clause.
  [[nodiscard]] ProbeAction lost(const std::string& why);

  // Grows with each step that is complete.
  [[nodiscard]] const std::vector<ProbeStep>& steps() const noexcept { return steps_; }
  [[nodiscard]] ProbeOutcome outcome() const noexcept { return outcome_; }
  // The server's word in a 334, whatever made us hear it; empty: none came, or one that was empty.
  [[nodiscard]] const std::optional<Challenge>& challenge() const noexcept { return challenge_; }
  // The reply that the outcome comes from, one line; empty if it was none.
  [[nodiscard]] const std::string& decisive_reply() const noexcept { return decisive_reply_; }

 private:
  enum class State { greeting, ehlo, starttls, handshake, signing, auth, response, cancel, quit, ended };

  [[nodiscard]] ProbeAction take(const SmtpReply& reply);
  [[nodiscard]] ProbeAction greeted(const SmtpReply& reply);
  [[nodiscard]] ProbeAction heard_ehlo(const SmtpReply& reply);
  [[nodiscard]] ProbeAction heard_starttls(const SmtpReply& reply);
  [[nodiscard]] ProbeAction heard_auth(const SmtpReply& reply);
  [[nodiscard]] ProbeAction heard_challenge(const SmtpReply& reply);
  [[nodiscard]] ProbeAction heard_result(const SmtpReply& reply);

  [[nodiscard]] ProbeAction say(State state, std::string name, const std::string& line);
  [[nodiscard]] ProbeAction begin_auth();
  // Sets the outcome, and says QUIT.
  [[nodiscard]] ProbeAction conclude(ProbeOutcome outcome, const SmtpReply& reply);
  void explain(std::string meaning) { steps_.back().meaning = std::move(meaning); }

  ProbeSettings settings_;
  SmtpReplyReader replies_;
  State state_ = State::greeting;
  bool encrypted_ = false;
  std::string pending_name_ = "greeting";  // of the step whose reply is awaited
  std::string pending_said_;
  std::string response_;  // waits for the 334
  std::vector<ProbeStep> steps_;
  ProbeOutcome outcome_ = ProbeOutcome::none;
  std::optional<Challenge> challenge_;
  std::string decisive_reply_;
};

}  // namespace tecs
