// Everything that is said between the MTA, the signer and the upstream server until octets are only moved:
// greeting, EHLO, STARTTLS, AUTH TECS-1 (DESIGN section 4). A machine without I/O: it is told what happened
// and answers what is to be done next.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "signer/next_action.hpp"
#include "smtp/auth_command.hpp"
#include "smtp/ehlo_capabilities.hpp"
#include "smtp/line_reader.hpp"
#include "smtp/smtp_reply.hpp"
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
  bool tls = true;   // STARTTLS when it is offered
  DialogueTimeLimits limits{};
};

// How the connection came out, for the log.
struct DialogueOutcome {
  enum class Ending { failed, not_signed, is_signed };
  Ending ending = Ending::failed;
  std::string reason;       // why it is not signed; printable
  std::string tls_failure;  // why there is no TLS although the server offered it; printable
};

// One for each connection of the MTA. start() comes first; then, for each action returned, exactly one of the
// members that report how it went. After pump or close no member may be called but outcome(). Nothing here
// throws, blocks or allocates more than the bounds of the readers allow. Not thread safe.
//
// The signer is opportunistic (RFC 7435): a handshake that fails, or an AUTH that ends in no reply, costs a
// new connection without it, each at most once. So mail arrives at whatever server it would have reached
// without the signer.
class SmtpDialogue {
 public:
  explicit SmtpDialogue(DialogueSettings settings) : settings_(std::move(settings)) {}

  [[nodiscard]] NextAction start();

  // After connect. The reasons of all failures are printable and short: the MTA is told.
  [[nodiscard]] NextAction connected();
  [[nodiscard]] NextAction connect_failed(std::string_view reason);
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

  // False once an AUTH went wrong: the connection made after that is not signed.
  [[nodiscard]] bool wants_signature() const noexcept { return sign_; }

  [[nodiscard]] const DialogueOutcome& outcome() const noexcept { return outcome_; }

 private:
  // What is awaited.
  enum class Step {
    connection,
    greeting,
    command,        // of the MTA
    command_reply,  // to a command that was only passed on
    ehlo_reply,
    starttls_reply,
    handshake,
    signature,
    auth_reply,        // AUTH with or without the credential
    credential_reply,  // the credential, sent after the 334
    cancel_reply,      // "*" (RFC 4954 section 4)
    over,
  };

  [[nodiscard]] NextAction advance();
  [[nodiscard]] NextAction await_command();
  [[nodiscard]] NextAction await_reply();
  [[nodiscard]] std::chrono::milliseconds reply_limit() const noexcept;

  [[nodiscard]] NextAction on_command(std::string line);
  [[nodiscard]] NextAction on_reply(const SmtpReply& reply);
  [[nodiscard]] NextAction on_greeting(const SmtpReply& reply);
  [[nodiscard]] NextAction on_ehlo_reply(const SmtpReply& reply);
  [[nodiscard]] NextAction on_starttls_reply(const SmtpReply& reply);
  [[nodiscard]] NextAction on_auth_reply(const SmtpReply& reply);

  [[nodiscard]] NextAction send_upstream(std::string octets, Step awaited);
  [[nodiscard]] NextAction pass_to_mta(const SmtpReply& reply);
  [[nodiscard]] NextAction authenticate();
  [[nodiscard]] NextAction pump_unsigned(std::string reason);
  [[nodiscard]] NextAction pump(std::string to_mta, std::string to_upstream);
  [[nodiscard]] NextAction upstream_failed(std::string_view status, std::string_view reason);
  [[nodiscard]] NextAction reconnect();
  [[nodiscard]] NextAction give_up(std::string_view reply_code, std::string_view reason);

  DialogueSettings settings_;
  Step step_ = Step::connection;
  LineReader commands_;
  SmtpReplyReader replies_;
  std::string hello_;  // the MTA's EHLO line, said again after TLS and on a new connection
  std::optional<EhloCapabilities> capabilities_;
  std::string response_;      // the credential, until the 334 comes
  bool tls_up_ = false;       // on this connection to the upstream
  bool tls_proved_ = false;   // a reply came through it
  bool sign_ = true;          // false once an AUTH went wrong
  bool reconnected_ = false;  // the MTA has had its greeting from an earlier connection
  DialogueOutcome outcome_;
};

}  // namespace tecs
