// Everything that is said between the MTA, the signer and the upstream server until octets are only moved:
// greeting, EHLO, STARTTLS, AUTH TECS-1 (DESIGN section 4). A machine without I/O: it is told what happened
// and answers what is to be done next.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "signer/auth_exchange.hpp"
#include "signer/continuation.hpp"
#include "signer/destination_policy.hpp"
#include "signer/identity_choice.hpp"
#include "signer/mta_command.hpp"
#include "signer/next_action.hpp"
#include "smtp/ehlo_capabilities.hpp"
#include "smtp/line_reader.hpp"
#include "smtp/smtp_reply.hpp"
#include "smtp/tls_plan.hpp"
#include "tecs/credential.hpp"
#include "tecs/error.hpp"

namespace tecs {

// RFC 5321 section 4.5.3.2 where it names one. What may fail without harm, because the signer then goes on
// without it, gets less: the MTA is waiting for its reply to EHLO meanwhile.
struct DialogueTimeLimits {
  std::chrono::milliseconds connect = std::chrono::seconds{30};
  std::chrono::milliseconds greeting = std::chrono::minutes{5};  // 4.5.3.2.1
  std::chrono::milliseconds reply = std::chrono::minutes{5};     // 4.5.3.2.2
  std::chrono::milliseconds command = std::chrono::minutes{5};   // 4.5.3.2.7
  std::chrono::milliseconds write = std::chrono::minutes{5};
  std::chrono::milliseconds starttls = std::chrono::seconds{60};  // for the reply and for the handshake
  std::chrono::milliseconds authentication = std::chrono::seconds{30};
};

struct DialogueSettings {
  std::string host;  // who says 421 to the MTA
  bool tls = true;   // read by nobody but the driver, for the terms
  DialogueTimeLimits limits{};
};

// What holds for the connection to the server that was chosen.
struct ConnectionTerms {
  TlsDemand tls = TlsDemand::opportunistic;
  bool ask_for_challenge = false;  // sign what the server sees of our end (PROTOCOL section 6)
  SignatureDemand signature = SignatureDemand::may;
};

// How the connection came out, for the log, the metrics and the pump.
struct DialogueOutcome {
  enum class Ending { failed, not_signed, is_signed };
  Ending ending = Ending::failed;
  std::string reason;       // why it is not signed; printable
  std::string tls_failure;  // why there is no TLS although it was tried or demanded; printable
  bool refused = false;     // the server did not take a signature
  Identity identity;  // that answers for the mail, signed or not; empty: nobody, or it did not come to that
  // When the next transaction may be another party's: what a fresh connection for that one must know. The
  // pump must then be watched, and nothing of another party's transaction may go over this connection.
  std::optional<Continuation> watch;
};

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
  SmtpDialogue(DialogueSettings settings, IdentityChoice choice);
  // In place of an earlier connection: nothing of it reaches the MTA but, when it fails, a 421 as the reply
  // to its MAIL. held: what the MTA has said and no server has heard; a whole MAIL line comes first.
  SmtpDialogue(DialogueSettings settings, IdentityChoice choice, Continuation before, std::string_view held);

  [[nodiscard]] NextAction start();

  // After connect. The reasons of all failures are printable and short: the MTA is told. status: an enhanced
  // status code (RFC 3463) of class 4, without which the MTA hears of a failure of the network.
  [[nodiscard]] NextAction connected(const ConnectionTerms& terms);
  [[nodiscard]] NextAction connect_failed(std::string_view reason, std::string_view status = "4.4.1");
  // After write_mta and write_upstream.
  [[nodiscard]] NextAction written();
  // After read_mta and read_upstream: some octets, not none.
  [[nodiscard]] NextAction mta_sent(std::string_view octets);
  [[nodiscard]] NextAction upstream_sent(std::string_view octets);
  // After start_tls. What came from the upstream ahead of the handshake must not be given to upstream_sent().
  [[nodiscard]] NextAction tls_established();
  [[nodiscard]] NextAction tls_failed(std::string_view reason);
  // After sign.
  [[nodiscard]] NextAction signed_with(const Credential& credential);
  [[nodiscard]] NextAction sign_failed(std::string_view reason);
  // After any action that reads or writes, when a connection closed or broke, or the time limit has passed.
  [[nodiscard]] NextAction mta_closed();
  [[nodiscard]] NextAction upstream_closed(std::string_view reason);
  [[nodiscard]] NextAction timed_out();

  // Whose signature of this connection, by our own view, is going to be wanted, as far as is known: it may be
  // computed meanwhile. Empty: nobody's, or not by our own view, or not known yet. Looked at after
  // connected() and again after mta_sent().
  [[nodiscard]] Identity identity_to_sign() const;
  // True from the server's last reply to EHLO to its reply to AUTH: what the signature costs the MTA.
  [[nodiscard]] bool authenticating() const noexcept { return step_ == Step::authentication; }

  [[nodiscard]] const DialogueOutcome& outcome() const noexcept { return outcome_; }

 private:
  // What is awaited.
  enum class Step {
    connection,
    greeting,
    command,        // of the MTA
    command_reply,  // to a command that was only passed on
    quit_reply,
    ehlo_reply,
    helo_reply,  // of a server that does not know EHLO
    starttls_reply,
    handshake,
    authentication,
    reset_reply,  // to the RSET after a signature that was refused
    over,
  };
  // What of the server's the MTA is waiting for, and must not miss when the connection to it is a new one.
  enum class Owed { greeting, ehlo_reply, nothing };
  // An EHLO line with CRLF, for which the MTA may have said HELO.
  struct Hello {
    std::string line;
    bool as_helo = false;
  };

  [[nodiscard]] NextAction advance();
  [[nodiscard]] NextAction await_command();
  [[nodiscard]] NextAction await_reply();
  [[nodiscard]] std::chrono::milliseconds reply_limit() const noexcept;

  [[nodiscard]] NextAction on_command(std::string_view line);
  [[nodiscard]] NextAction on_hello(std::string_view line);
  [[nodiscard]] NextAction on_early_command(MtaCommand command, std::string line);
  [[nodiscard]] NextAction on_held_command(MtaCommand command, std::string line);
  [[nodiscard]] NextAction on_reply(const SmtpReply& reply);
  [[nodiscard]] NextAction on_greeting(const SmtpReply& reply);
  [[nodiscard]] NextAction on_command_reply(const SmtpReply& reply);
  [[nodiscard]] NextAction on_ehlo_reply(const SmtpReply& reply);
  [[nodiscard]] NextAction on_ehlo_refused(const SmtpReply& reply);
  [[nodiscard]] NextAction on_helo_reply(const SmtpReply& reply);
  [[nodiscard]] NextAction on_starttls_reply(const SmtpReply& reply);

  [[nodiscard]] NextAction begin_tls();
  [[nodiscard]] NextAction set_up();
  [[nodiscard]] NextAction authenticate();
  [[nodiscard]] NextAction carry_on(AuthExchange::Move move);

  [[nodiscard]] NextAction send_upstream(std::string octets, Step awaited);
  [[nodiscard]] NextAction tell_mta(std::string octets);
  [[nodiscard]] NextAction refuse_command(std::string_view code, std::string_view reason);
  [[nodiscard]] NextAction end_with(const SmtpReply& reply, DialogueOutcome::Ending ending,
                                    std::string reason);
  [[nodiscard]] NextAction go_unsigned(SignatureDemand forbidding, std::string reason);
  [[nodiscard]] NextAction pump(DialogueOutcome::Ending ending, std::string reason, std::string to_mta);
  [[nodiscard]] NextAction upstream_failed(std::string_view status, std::string_view reason);
  [[nodiscard]] NextAction tls_lost(std::string_view status, std::string_view reason);
  [[nodiscard]] NextAction reconnect();
  [[nodiscard]] NextAction give_up(std::string_view reply_code, std::string_view reason);

  [[nodiscard]] bool strict() const noexcept;
  [[nodiscard]] bool offers_tecs() const noexcept;
  [[nodiscard]] bool watched() const noexcept;
  [[nodiscard]] std::string answer_to_hello(EhloCapabilities::Login login);

  DialogueSettings settings_;
  IdentityChoice choice_;
  ConnectionTerms terms_;
  Step step_ = Step::connection;
  Owed owed_ = Owed::greeting;
  LineReader commands_;
  SmtpReplyReader replies_;
  Hello hello_;                       // said again after TLS and on a new connection
  Hello hello_before_;                // that the server took, if a later one is refused
  std::string due_;                   // a command of the MTA that goes to the server next, with CRLF
  std::optional<Identity> identity_;  // nothing: not known yet
  bool by_sender_ = false;            // MAIL decides it
  std::optional<EhloCapabilities> capabilities_;
  std::optional<EhloCapabilities> told_;  // what the MTA takes the server for
  std::optional<AuthExchange> exchange_;
  bool tls_up_ = false;        // on this connection to the upstream
  bool tls_proved_ = false;    // a reply came through it
  bool tls_given_up_ = false;  // a handshake went wrong
  bool sign_ = true;           // false once an AUTH ended the connection
  DialogueOutcome outcome_;
};

}  // namespace tecs
