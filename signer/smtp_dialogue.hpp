// Everything that is said between the MTA, the signer and the upstream server until octets are only moved:
// greeting, EHLO, STARTTLS, AUTH TECS-1 (DESIGN section 4). A machine without I/O: it is told what happened
// and answers what is to be done next.
#pragma once

#include <string>
#include <string_view>

#include "signer/continuation.hpp"
#include "signer/dialogue_outcome.hpp"
#include "signer/dialogue_settings.hpp"
#include "signer/identity_choice.hpp"
#include "signer/mta_command.hpp"
#include "signer/mta_session.hpp"
#include "signer/next_action.hpp"
#include "signer/server_setup.hpp"
#include "smtp/line_reader.hpp"
#include "smtp/smtp_reply.hpp"

namespace tecs {

// One for each connection of the MTA, and one for each fresh connection to the server that takes the place of
// an earlier one. start() comes first; then, for each action returned, exactly one of the members that report
// how it went. After pump or close no member may be called but outcome(). Nothing here throws, blocks or
// allocates more than the bounds of the readers allow. Not thread safe.
//
// Where the terms leave it free, the signer is opportunistic (RFC 7435): a handshake that fails, or an AUTH
// after which the server is gone, costs a new connection without it, each at most once. So mail arrives at
// whatever server it would have reached without the signer.
//
// When senders have identities of their own, the MTA is told the server's capabilities before AUTH, and its
// commands are passed on one by one until MAIL decides who answers.
class SmtpDialogue {
 public:
  SmtpDialogue(DialogueSettings settings, const IdentityChoice& choice);
  // In place of an earlier connection: nothing of it reaches the MTA but, when it fails, a 421 as the reply
  // to its MAIL. held: what the MTA has said and no server has heard; a whole MAIL line comes first.
  SmtpDialogue(DialogueSettings settings, const IdentityChoice& choice, Continuation before,
               std::string_view held);

  [[nodiscard]] NextAction start();

  // After connect. The reasons of all failures are printable and short: the MTA is told. status: an enhanced
  // status code (RFC 3463) of class 4, without which the MTA hears of a failure of the network.
  [[nodiscard]] NextAction connected(const ConnectionTerms& terms);
  [[nodiscard]] NextAction connect_failed(std::string_view reason, std::string_view status = "4.4.1") {
    return give_up(std::string("421 ").append(status), reason);
  }
  // After write_mta and write_upstream.
  [[nodiscard]] NextAction written() { return advance(); }
  // After read_mta and read_upstream: some octets, not none.
  [[nodiscard]] NextAction mta_sent(std::string_view octets);
  [[nodiscard]] NextAction upstream_sent(std::string_view octets);
  // After start_tls. What came from the upstream ahead of the handshake must not be given to upstream_sent().
  [[nodiscard]] NextAction tls_established() { return carry_on(setup_.tls_established()); }
  [[nodiscard]] NextAction tls_failed(std::string_view reason) { return carry_on(setup_.tls_failed(reason)); }
  // After sign.
  [[nodiscard]] NextAction signed_with(const Credential& credential) {
    return carry_on(setup_.signed_with(credential));
  }
  [[nodiscard]] NextAction sign_failed(std::string_view reason) {
    return carry_on(setup_.sign_failed(reason));
  }
  // After any action that reads or writes, when a connection closed or broke, or the time limit has passed.
  [[nodiscard]] NextAction mta_closed();
  [[nodiscard]] NextAction upstream_closed(std::string_view reason) {
    return carry_on(setup_.lost("4.4.2", reason));
  }
  [[nodiscard]] NextAction timed_out();
  // After read_mta, in place of the others: the service stops. Nothing is under way then but, perhaps, the
  // first octets of a command, and no mail is lost.
  [[nodiscard]] NextAction leave() { return give_up("421 4.3.2", "the service is stopping"); }

  // Whose signature of this connection, by our own view, is going to be wanted, as far as is known: it may be
  // computed meanwhile. Empty: nobody's, or not by our own view, or not known yet. Looked at after
  // connected() and again after mta_sent().
  [[nodiscard]] Identity identity_to_sign() const;
  // True from the server's last reply to EHLO to its reply to AUTH: what the signature costs the MTA.
  [[nodiscard]] bool authenticating() const noexcept { return setup_.authenticating(); }

  [[nodiscard]] const DialogueOutcome& outcome() const noexcept { return outcome_; }

 private:
  // What is awaited.
  enum class Step {
    connection,
    greeting,
    command,        // of the MTA
    command_reply,  // to a command that was only passed on
    quit_reply,
    setup,  // of the server
    over,
  };

  [[nodiscard]] NextAction advance();
  [[nodiscard]] NextAction await_command();
  [[nodiscard]] NextAction await_reply();

  [[nodiscard]] NextAction on_command(std::string_view line);
  [[nodiscard]] NextAction on_early_command(MtaCommand command, std::string_view line);
  [[nodiscard]] NextAction on_held_command(MtaCommand command, std::string_view line);
  [[nodiscard]] NextAction on_reply(const SmtpReply& reply);
  [[nodiscard]] NextAction on_greeting(const SmtpReply& reply);
  [[nodiscard]] NextAction on_command_reply(const SmtpReply& reply);
  [[nodiscard]] NextAction on_hello_refused(const SmtpReply& reply, std::string reason);

  [[nodiscard]] NextAction carry_on(ServerSetup::Move move);
  [[nodiscard]] NextAction say_starttls(std::string line);
  [[nodiscard]] NextAction on_hello_taken();
  [[nodiscard]] NextAction authenticate();

  [[nodiscard]] NextAction send_upstream(std::string octets, Step awaited);
  [[nodiscard]] NextAction tell_mta(std::string octets);
  [[nodiscard]] NextAction refuse_command(std::string_view code, std::string_view reason);
  [[nodiscard]] NextAction go_unsigned(SignatureDemand forbidding, std::string reason);
  [[nodiscard]] NextAction pump(DialogueOutcome::Ending ending, std::string reason, std::string to_mta);
  [[nodiscard]] NextAction end_with(const SmtpReply& reply, DialogueOutcome::Ending ending,
                                    std::string reason);
  [[nodiscard]] NextAction give_up(std::string_view reply_code, std::string_view reason);
  void conclude(DialogueOutcome::Ending ending, std::string reason);

  [[nodiscard]] bool strict() const noexcept;

  DialogueSettings settings_;
  MtaSession session_;
  ServerSetup setup_;
  Step step_ = Step::connection;
  LineReader commands_;
  SmtpReplyReader replies_;
  std::string due_;  // a command of the MTA that goes to the server next, with CRLF
  DialogueOutcome outcome_;
};

}  // namespace tecs
