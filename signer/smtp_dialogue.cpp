#include "signer/smtp_dialogue.hpp"

#include <algorithm>
#include <utility>

#include "smtp/smtp_command.hpp"
#include "tecs/printable_text.hpp"

namespace tecs {
namespace {

using Kind = NextAction::Kind;
using Ending = DialogueOutcome::Ending;

constexpr int ready = 220;          // greeting and STARTTLS
constexpr int closing = 421;        // the server is about to close the connection (RFC 5321 section 3.8)
constexpr int authenticated = 235;  // RFC 4954 section 6
constexpr int challenge = 334;

constexpr std::size_t maximum_reply_text = 510;  // CRLF comes on top (RFC 5321 section 4.5.3.1.5)

}  // namespace

NextAction SmtpDialogue::start() {
  step_ = Step::connection;
  return {.kind = Kind::connect, .time_limit = settings_.limits.connect};
}

NextAction SmtpDialogue::connected() {
  step_ = Step::greeting;
  return advance();
}

NextAction SmtpDialogue::connect_failed(std::string_view reason) {
  return give_up("421 4.4.1", reason);
}

NextAction SmtpDialogue::written() {
  return advance();
}

NextAction SmtpDialogue::mta_sent(std::string_view octets) {
  commands_.append(octets);
  return advance();
}

NextAction SmtpDialogue::upstream_sent(std::string_view octets) {
  replies_.append(octets);
  return advance();
}

// RFC 3207 section 4.2: after the handshake all that was learnt from the server before it is forgotten, and
// the client says EHLO again.
NextAction SmtpDialogue::tls_established() {
  tls_up_ = true;
  capabilities_.reset();
  return send_upstream(hello_, Step::ehlo_reply);
}

NextAction SmtpDialogue::tls_failed(std::string_view reason) {
  return upstream_closed(reason);
}

NextAction SmtpDialogue::signed_with(const Credential& credential) {
  AuthCommand command = make_auth_command(credential);
  response_ = std::move(command.response);
  return send_upstream(std::move(command.line), Step::auth_reply);
}

NextAction SmtpDialogue::sign_failed(std::string_view reason) {
  return pump_unsigned(std::string(reason));
}

NextAction SmtpDialogue::mta_closed() {
  outcome_.ending = Ending::failed;
  outcome_.reason = "the MTA closed the connection";
  step_ = Step::over;
  return {.kind = Kind::close};
}

NextAction SmtpDialogue::upstream_closed(std::string_view reason) {
  return upstream_failed("4.4.2", reason);
}

NextAction SmtpDialogue::timed_out() {
  if (step_ == Step::command) return give_up("421 4.4.2", "no command came in time");
  return upstream_failed("4.4.2", "the server did not reply in time");
}

NextAction SmtpDialogue::advance() {
  return step_ == Step::command ? await_command() : await_reply();
}

NextAction SmtpDialogue::await_command() {
  const auto line = commands_.next();
  if (!line) return give_up("500 5.5.2", "the MTA sent what is not a command: " + line.error().sentence);
  if (!*line) return {.kind = Kind::read_mta, .time_limit = settings_.limits.command};
  return on_command(std::string(**line) + "\r\n");
}

NextAction SmtpDialogue::await_reply() {
  const auto reply = replies_.next();
  if (!reply)
    return upstream_failed("4.5.0", "the server sent what is not a reply: " + reply.error().sentence);
  if (!*reply) return {.kind = Kind::read_upstream, .time_limit = reply_limit()};
  return on_reply(**reply);
}

std::chrono::milliseconds SmtpDialogue::reply_limit() const noexcept {
  switch (step_) {
    case Step::greeting:
      return settings_.limits.greeting;
    case Step::starttls_reply:
      return settings_.limits.starttls;
    case Step::auth_reply:
    case Step::credential_reply:
    case Step::cancel_reply:
      return settings_.limits.authentication;
    default:
      return settings_.limits.reply;
  }
}

NextAction SmtpDialogue::on_command(std::string line) {
  const std::string verb = verb_of(std::string_view(line).substr(0, line.size() - 2));
  if (verb == "EHLO") {
    hello_ = std::move(line);
    return send_upstream(hello_, Step::ehlo_reply);
  }
  if (changes_nothing(verb)) return send_upstream(std::move(line), Step::command_reply);

  // HELO, QUIT, or a session without any greeting: there is no AUTH without EHLO (RFC 4954 section 3).
  outcome_.ending = Ending::not_signed;
  outcome_.reason = "the MTA said " + printable_text(verb, 20) + " and not EHLO";
  return pump({}, std::move(line));
}

NextAction SmtpDialogue::on_reply(const SmtpReply& reply) {
  switch (step_) {
    case Step::greeting:
      return on_greeting(reply);
    case Step::ehlo_reply:
      return on_ehlo_reply(reply);
    case Step::starttls_reply:
      return on_starttls_reply(reply);
    case Step::auth_reply:
    case Step::credential_reply:
    case Step::cancel_reply:
      return on_auth_reply(reply);
    default:
      return pass_to_mta(reply);
  }
}

NextAction SmtpDialogue::on_greeting(const SmtpReply& reply) {
  if (reconnected_) {
    if (reply.code == ready) return send_upstream(hello_, Step::ehlo_reply);
    return give_up("421 4.4.1", "the server refused the second connection: " + reply.format());
  }
  if (reply.code == ready) return pass_to_mta(reply);
  // A server that greets with 554 waits for QUIT (RFC 5321 section 3.1): the MTA's to say.
  outcome_.ending = Ending::not_signed;
  outcome_.reason = "the server greeted with " + reply.format();
  return pump(reply.octets, {});
}

NextAction SmtpDialogue::on_ehlo_reply(const SmtpReply& reply) {
  tls_proved_ = tls_up_;
  if (!reply.positive()) return pass_to_mta(reply);
  capabilities_.emplace(reply);
  if (settings_.tls && !tls_up_ && capabilities_->starttls()) {
    return send_upstream("STARTTLS\r\n", Step::starttls_reply);
  }
  return authenticate();
}

NextAction SmtpDialogue::on_starttls_reply(const SmtpReply& reply) {
  if (reply.code == ready) {
    // RFC 3207 section 6: what was sent ahead of the handshake is not protected and may be somebody else's.
    replies_.discard();
    step_ = Step::handshake;
    return {.kind = Kind::start_tls, .time_limit = settings_.limits.starttls};
  }
  outcome_.tls_failure = "the server refused STARTTLS: " + reply.format();
  settings_.tls = false;
  if (reply.code == closing) return upstream_failed("4.4.2", outcome_.tls_failure);
  return authenticate();
}

NextAction SmtpDialogue::on_auth_reply(const SmtpReply& reply) {
  const bool credential_sent = step_ == Step::credential_reply || response_.empty();
  if (step_ == Step::cancel_reply) {
    // RFC 4954 section 4: the server must answer "*" with 501. Whatever else it says ends the exchange as
    // well, unless it asks on.
    if (reply.code != challenge && reply.code != closing) return pump_unsigned(outcome_.reason);
    return upstream_failed("4.5.0", "the server went on after the exchange was cancelled: " + reply.format());
  }
  if (reply.code == authenticated && credential_sent) {
    outcome_.ending = Ending::is_signed;
    outcome_.reason.clear();
    return pump(capabilities_->format(EhloCapabilities::Login::taken), {});
  }
  if (reply.code == challenge && !credential_sent) {
    return send_upstream(std::exchange(response_, {}), Step::credential_reply);
  }
  outcome_.reason = "the server refused the signature: " + reply.format();
  if (reply.code == challenge) return send_upstream("*\r\n", Step::cancel_reply);
  if (reply.code == closing) return upstream_failed("4.4.2", outcome_.reason);
  return pump_unsigned(outcome_.reason);
}

NextAction SmtpDialogue::send_upstream(std::string octets, Step awaited) {
  step_ = awaited;
  return {
      .kind = Kind::write_upstream, .to_upstream = std::move(octets), .time_limit = settings_.limits.write};
}

NextAction SmtpDialogue::pass_to_mta(const SmtpReply& reply) {
  step_ = Step::command;
  return {.kind = Kind::write_mta, .to_mta = reply.octets, .time_limit = settings_.limits.write};
}

NextAction SmtpDialogue::authenticate() {
  if (!sign_) return pump_unsigned(outcome_.reason);
  if (!capabilities_->mechanism(mechanism_name)) return pump_unsigned("the server does not offer TECS-1");
  step_ = Step::signature;
  return {.kind = Kind::sign};
}

NextAction SmtpDialogue::pump_unsigned(std::string reason) {
  outcome_.ending = Ending::not_signed;
  outcome_.reason = std::move(reason);
  return pump(capabilities_->format(EhloCapabilities::Login::open), {});
}

// What either side sent ahead goes along, in order.
NextAction SmtpDialogue::pump(std::string to_mta, std::string to_upstream) {
  step_ = Step::over;
  to_mta += replies_.take_rest();
  to_upstream += commands_.take_rest();
  return {.kind = Kind::pump, .to_mta = std::move(to_mta), .to_upstream = std::move(to_upstream)};
}

// The connection to the upstream is of no more use. If TLS or AUTH may be the cause, a new one does without.
NextAction SmtpDialogue::upstream_failed(std::string_view status, std::string_view reason) {
  switch (step_) {
    case Step::ehlo_reply:
      // A server that dislikes the client's side of a handshake often says so only after it.
      if (!tls_up_ || tls_proved_) break;
      [[fallthrough]];
    case Step::starttls_reply:
    case Step::handshake:
      settings_.tls = false;
      outcome_.tls_failure = reason;
      return reconnect();
    case Step::auth_reply:
    case Step::credential_reply:
    case Step::cancel_reply:
      sign_ = false;
      outcome_.reason = "AUTH failed: " + std::string(reason);
      return reconnect();
    default:
      break;
  }
  return give_up(std::string("421 ").append(status), reason);
}

NextAction SmtpDialogue::reconnect() {
  reconnected_ = true;
  tls_up_ = false;
  replies_.discard();
  return start();
}

NextAction SmtpDialogue::give_up(std::string_view reply_code, std::string_view reason) {
  step_ = Step::over;
  outcome_.ending = Ending::failed;
  outcome_.reason = reason;
  std::string reply = std::string(reply_code).append(" ").append(settings_.host).append(" TECS signer: ");
  reply.append(reason);
  reply.resize(std::min(reply.size(), maximum_reply_text));
  reply.append("\r\n");
  return {.kind = Kind::close, .to_mta = std::move(reply), .time_limit = std::chrono::seconds{5}};
}

}  // namespace tecs
