#include "signer/smtp_dialogue.hpp"

#include <utility>

#include "signer/signer_reply.hpp"
#include "smtp/auth_command.hpp"
#include "smtp/smtp_command.hpp"
#include "tecs/printable_text.hpp"

namespace tecs {
namespace {

using Kind = NextAction::Kind;
using Ending = DialogueOutcome::Ending;

constexpr int ready = 220;    // greeting and STARTTLS
constexpr int closing = 421;  // the server is about to close the connection (RFC 5321 section 3.8)

constexpr std::chrono::seconds last_words{5};  // for what the MTA is told at the end

}  // namespace

SmtpDialogue::SmtpDialogue(DialogueSettings settings, IdentityChoice choice)
    : settings_(std::move(settings)), choice_(std::move(choice)), identity_(choice_.at_connect()) {}

SmtpDialogue::SmtpDialogue(DialogueSettings settings, IdentityChoice choice, Continuation before,
                           std::string_view held)
    : settings_(std::move(settings)),
      choice_(std::move(choice)),
      owed_(Owed::nothing),
      hello_{std::move(before.hello)},
      told_(std::move(before.told)) {
  commands_.append(held);
  const auto line = commands_.next();
  if (!line || !*line) return;
  due_ = std::string(**line) + "\r\n";
  identity_ = choice_.at_hello(argument_of(hello_.line.substr(0, hello_.line.size() - 2)));
  by_sender_ = !identity_;
  if (by_sender_) identity_ = choice_.at_mail(**line);
}

NextAction SmtpDialogue::start() {
  if (owed_ == Owed::nothing && due_.empty()) return give_up("421 4.5.0", "no MAIL was held");
  step_ = Step::connection;
  return {.kind = Kind::connect, .time_limit = settings_.limits.connect};
}

NextAction SmtpDialogue::connected(const ConnectionTerms& terms) {
  terms_ = terms;
  step_ = Step::greeting;
  return advance();
}

NextAction SmtpDialogue::connect_failed(std::string_view reason, std::string_view status) {
  return give_up(std::string("421 ").append(status), reason);
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
  return send_upstream(hello_.line, Step::ehlo_reply);
}

NextAction SmtpDialogue::tls_failed(std::string_view reason) {
  return tls_lost("4.7.5", reason);
}

NextAction SmtpDialogue::signed_with(const Credential& credential) {
  return carry_on(exchange_->signed_with(credential));
}

NextAction SmtpDialogue::sign_failed(std::string_view reason) {
  return carry_on(exchange_->sign_failed(reason));
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

Identity SmtpDialogue::identity_to_sign() const {
  if (!sign_ || terms_.ask_for_challenge) return nullptr;
  return identity_.value_or(nullptr);
}

NextAction SmtpDialogue::advance() {
  return step_ == Step::command ? await_command() : await_reply();
}

NextAction SmtpDialogue::await_command() {
  const auto line = commands_.next();
  if (!line) return give_up("500 5.5.2", "the MTA sent what is not a command: " + line.error().sentence);
  if (!*line) return {.kind = Kind::read_mta, .time_limit = settings_.limits.command};
  return on_command(**line);
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
    case Step::authentication:
    case Step::reset_reply:
      return settings_.limits.authentication;
    default:
      return settings_.limits.reply;
  }
}

NextAction SmtpDialogue::on_command(std::string_view line) {
  const MtaCommand command = mta_command(line);
  if (command == MtaCommand::hello) return on_hello(line);
  std::string octets = std::string(line) + "\r\n";
  if (command == MtaCommand::quit) return send_upstream(std::move(octets), Step::quit_reply);
  return told_ ? on_held_command(command, std::move(octets)) : on_early_command(command, std::move(octets));
}

// There is no AUTH, and no STARTTLS, without EHLO: it is said for an MTA that says HELO.
NextAction SmtpDialogue::on_hello(std::string_view line) {
  const bool as_helo = verb_of(line) == "HELO";
  std::string said = as_helo ? "EHLO" + std::string(line.substr(4)) : std::string(line);
  hello_before_ = std::exchange(hello_, {std::move(said) + "\r\n", as_helo});
  identity_ = choice_.at_hello(argument_of(line));
  by_sender_ = !identity_;
  owed_ = Owed::ehlo_reply;
  return send_upstream(hello_.line, Step::ehlo_reply);
}

NextAction SmtpDialogue::on_early_command(MtaCommand command, std::string line) {
  const std::string verb = verb_of(std::string_view(line).substr(0, line.size() - 2));
  const bool passes = strict() ? verb == "NOOP" || verb == "RSET" : command == MtaCommand::changes_nothing;
  if (passes) return send_upstream(std::move(line), Step::command_reply);
  if (strict()) return refuse_command("503 5.5.1", "EHLO comes first");
  due_ = std::move(line);
  return pump(Ending::not_signed, "the MTA said " + printable_text(verb, 20) + " and not EHLO", {});
}

// AUTH TECS-1 waits for MAIL. Whatever begins something that one reply does not end, or that another
// connection would not know of, cannot come before it.
NextAction SmtpDialogue::on_held_command(MtaCommand command, std::string line) {
  const std::string_view text = std::string_view(line).substr(0, line.size() - 2);
  switch (command) {
    case MtaCommand::mail:
      identity_ = choice_.at_mail(text);
      due_ = std::move(line);
      return authenticate();
    case MtaCommand::login:
      by_sender_ = false;
      due_ = std::move(line);
      return go_unsigned(SignatureDemand::offered, "the MTA logged in by itself");
    case MtaCommand::chunk:
      return give_up("503 5.5.1", "BDAT came before MAIL");
    case MtaCommand::out_of_place:
      return refuse_command("503 5.5.1", verb_of(text) + " cannot be said here");
    case MtaCommand::unreadable:
      return refuse_command("500 5.5.2", "this is not a command");
    default:
      return send_upstream(std::move(line), Step::command_reply);
  }
}

NextAction SmtpDialogue::on_reply(const SmtpReply& reply) {
  switch (step_) {
    case Step::greeting:
      return on_greeting(reply);
    case Step::ehlo_reply:
      return on_ehlo_reply(reply);
    case Step::helo_reply:
      return on_helo_reply(reply);
    case Step::starttls_reply:
      return on_starttls_reply(reply);
    case Step::authentication:
      return carry_on(exchange_->on_reply(reply));
    case Step::reset_reply:
      if (reply.code == closing) return upstream_failed("4.4.2", reply.format());
      return go_unsigned(SignatureDemand::offered, outcome_.reason);
    case Step::quit_reply:
      return end_with(reply, Ending::not_signed, "the MTA said QUIT");
    default:
      return on_command_reply(reply);
  }
}

NextAction SmtpDialogue::on_greeting(const SmtpReply& reply) {
  if (owed_ != Owed::greeting) {
    if (reply.code == ready) return send_upstream(hello_.line, Step::ehlo_reply);
    return give_up("421 4.4.1", "the server refused the second connection: " + reply.format());
  }
  if (reply.code == ready) return tell_mta(reply.octets);
  std::string reason = "the server greeted with " + reply.format();
  if (strict()) return end_with(reply, Ending::failed, std::move(reason));
  // A server that greets with 554 waits for QUIT (RFC 5321 section 3.1): the MTA's to say.
  return pump(Ending::not_signed, std::move(reason), reply.octets);
}

NextAction SmtpDialogue::on_command_reply(const SmtpReply& reply) {
  if (reply.code == closing) {
    return end_with(reply, Ending::failed, "the server closed the session: " + reply.format());
  }
  if (!told_ || reply.positive() || reply.code >= 400) return tell_mta(reply.octets);
  // More is to come from the MTA, nobody knows how much: what cannot be understood cannot be held.
  by_sender_ = false;
  NextAction action = go_unsigned(SignatureDemand::offered, "the server asked for more: " + reply.format());
  if (action.kind == Kind::pump) action.to_mta.insert(0, reply.octets);
  return action;
}

NextAction SmtpDialogue::on_ehlo_reply(const SmtpReply& reply) {
  tls_proved_ = tls_up_;
  if (!reply.positive()) return on_ehlo_refused(reply);
  capabilities_.emplace(reply);
  if (tls_up_) return set_up();
  if (terms_.tls == TlsDemand::required && !capabilities_->starttls()) {
    return tls_lost("4.7.4", "the server does not offer STARTTLS");
  }
  const bool wanted = terms_.tls != TlsDemand::never && !tls_given_up_;
  return wanted && capabilities_->starttls() ? begin_tls() : set_up();
}

NextAction SmtpDialogue::on_ehlo_refused(const SmtpReply& reply) {
  std::string reason = "the server refused EHLO: " + reply.format();
  if (owed_ == Owed::nothing) return give_up("421 4.4.0", reason);
  if (reply.code == closing) return end_with(reply, Ending::failed, std::move(reason));
  if (hello_.as_helo) {
    if (terms_.tls == TlsDemand::required && !tls_up_) return tls_lost("4.7.4", reason);
    if (terms_.signature == SignatureDemand::always) return give_up("421 4.7.0", reason);
    outcome_.reason = std::move(reason);
    return send_upstream("HELO" + hello_.line.substr(4), Step::helo_reply);
  }
  if (told_) {  // RFC 5321 section 4.1.4: the session is as it was
    hello_ = hello_before_;
    identity_.reset();
    by_sender_ = true;
  }
  return tell_mta(reply.octets);
}

NextAction SmtpDialogue::on_helo_reply(const SmtpReply& reply) {
  if (reply.code == closing) return end_with(reply, Ending::failed, outcome_.reason);
  if (!reply.positive()) return tell_mta(reply.octets);
  owed_ = Owed::nothing;
  by_sender_ = false;
  return pump(Ending::not_signed, outcome_.reason, reply.octets);
}

NextAction SmtpDialogue::on_starttls_reply(const SmtpReply& reply) {
  if (reply.code == ready) {
    // RFC 3207 section 6: what was sent ahead of the handshake is not protected and may be somebody else's.
    replies_.discard();
    step_ = Step::handshake;
    return {.kind = Kind::start_tls, .time_limit = settings_.limits.starttls};
  }
  std::string reason = "the server refused STARTTLS: " + reply.format();
  if (reply.code == closing || terms_.tls == TlsDemand::required) return tls_lost("4.7.4", reason);
  outcome_.tls_failure = std::move(reason);
  tls_given_up_ = true;
  return set_up();
}

// What the MTA sent ahead of the reply to EHLO belongs to a session without TLS (RFC 3207 section 4.2, RFC
// 2920 section 3.1), unless it is held for a session that took the place of one with it.
NextAction SmtpDialogue::begin_tls() {
  if (owed_ == Owed::ehlo_reply && commands_.holds_octets()) {
    return give_up("421 4.5.0", "commands came ahead of the reply to EHLO");
  }
  return send_upstream("STARTTLS\r\n", Step::starttls_reply);
}

// The server is where it is going to stay; now for who answers for the mail.
NextAction SmtpDialogue::set_up() {
  if (owed_ == Owed::nothing) {
    const auto missing = capabilities_->lacks(*told_);
    if (missing) return give_up("421 4.4.0", "the server no longer offers " + *missing);
  }
  if (identity_ || !offers_tecs()) return authenticate();
  std::string answer =
      answer_to_hello(terms_.signature == SignatureDemand::may ? EhloCapabilities::Login::open
                                                               : EhloCapabilities::Login::taken);
  return tell_mta(std::move(answer));
}

NextAction SmtpDialogue::authenticate() {
  if (!sign_) return go_unsigned(SignatureDemand::offered, outcome_.reason);
  if (!offers_tecs()) return go_unsigned(SignatureDemand::always, "the server does not offer TECS-1");
  if (!*identity_) return go_unsigned(SignatureDemand::always, "nobody answers for this mail");
  exchange_.emplace(terms_.ask_for_challenge);
  step_ = Step::authentication;
  return carry_on(exchange_->begin());
}

NextAction SmtpDialogue::carry_on(AuthExchange::Move move) {
  using Move = AuthExchange::Move::Kind;
  switch (move.kind) {
    case Move::write:
      return send_upstream(std::move(move.text), Step::authentication);
    case Move::sign:
      return {.kind = Kind::sign, .identity = *identity_, .challenge = std::move(move.challenge)};
    case Move::accepted:
      return pump(Ending::is_signed, {}, answer_to_hello(EhloCapabilities::Login::taken));
    case Move::not_signed:
      return go_unsigned(SignatureDemand::offered, std::move(move.text));
    case Move::refused:
      outcome_.refused = true;
      outcome_.reason = std::move(move.text);
      if (terms_.signature != SignatureDemand::may) return give_up("421 4.7.0", outcome_.reason);
      // Some servers close the connection after an AUTH that failed: better they do so now than at MAIL.
      return send_upstream("RSET\r\n", Step::reset_reply);
    default:
      return upstream_failed("4.4.2", move.text);
  }
}

NextAction SmtpDialogue::send_upstream(std::string octets, Step awaited) {
  step_ = awaited;
  return {
      .kind = Kind::write_upstream, .to_upstream = std::move(octets), .time_limit = settings_.limits.write};
}

NextAction SmtpDialogue::tell_mta(std::string octets) {
  owed_ = Owed::nothing;
  step_ = Step::command;
  return {.kind = Kind::write_mta, .to_mta = std::move(octets), .time_limit = settings_.limits.write};
}

NextAction SmtpDialogue::refuse_command(std::string_view code, std::string_view reason) {
  return tell_mta(signer_reply(code, settings_.host, reason));
}

// forbidding: the least demand that does not let the mail go so.
NextAction SmtpDialogue::go_unsigned(SignatureDemand forbidding, std::string reason) {
  if (terms_.signature >= forbidding) return give_up("421 4.7.0", reason);
  return pump(Ending::not_signed, std::move(reason), answer_to_hello(EhloCapabilities::Login::open));
}

// What either side sent ahead goes along, in order.
NextAction SmtpDialogue::pump(Ending ending, std::string reason, std::string to_mta) {
  step_ = Step::over;
  outcome_.ending = ending;
  outcome_.reason = std::move(reason);
  outcome_.identity = identity_.value_or(nullptr);
  if (watched()) outcome_.watch = Continuation{*identity_, hello_.line, *told_};
  return {.kind = Kind::pump,
          .to_mta = std::move(to_mta) + replies_.take_rest(),
          .to_upstream = std::move(due_) + commands_.take_rest()};
}

NextAction SmtpDialogue::end_with(const SmtpReply& reply, Ending ending, std::string reason) {
  step_ = Step::over;
  outcome_.ending = ending;
  outcome_.reason = std::move(reason);
  return {.kind = Kind::close, .to_mta = reply.octets, .time_limit = last_words};
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
      return tls_lost("4.7.5", reason);
    case Step::authentication:
      outcome_.refused = true;
      outcome_.reason = "AUTH failed: " + std::string(reason);
      if (terms_.signature != SignatureDemand::may) return give_up("421 4.7.0", outcome_.reason);
      [[fallthrough]];
    case Step::reset_reply:
      sign_ = false;
      return reconnect();
    default:
      break;
  }
  return give_up(std::string("421 ").append(status), reason);
}

NextAction SmtpDialogue::tls_lost(std::string_view status, std::string_view reason) {
  outcome_.tls_failure = reason;
  if (terms_.tls == TlsDemand::required) return give_up(std::string("421 ").append(status), reason);
  tls_given_up_ = true;
  return reconnect();
}

NextAction SmtpDialogue::reconnect() {
  tls_up_ = false;
  capabilities_.reset();
  replies_.discard();
  return start();
}

NextAction SmtpDialogue::give_up(std::string_view reply_code, std::string_view reason) {
  step_ = Step::over;
  outcome_.ending = Ending::failed;
  std::string reply = signer_reply(reply_code, settings_.host, reason);
  outcome_.reason = reason;
  return {.kind = Kind::close, .to_mta = std::move(reply), .time_limit = last_words};
}

// Nothing that belongs to a transaction passes before the terms are met.
bool SmtpDialogue::strict() const noexcept {
  return terms_.tls == TlsDemand::required || terms_.signature != SignatureDemand::may;
}

bool SmtpDialogue::offers_tecs() const noexcept {
  return capabilities_->mechanism(mechanism_name);
}

bool SmtpDialogue::watched() const noexcept {
  return by_sender_ && identity_ && capabilities_ && offers_tecs();
}

std::string SmtpDialogue::answer_to_hello(EhloCapabilities::Login login) {
  if (owed_ == Owed::nothing) return {};
  owed_ = Owed::nothing;
  const auto forwarding =
      by_sender_ && offers_tecs() ? EhloCapabilities::Forwarding::hidden : EhloCapabilities::Forwarding::open;
  told_ = hello_.as_helo ? capabilities_->greeting_alone() : capabilities_->shown(login, forwarding);
  return told_->format();
}

}  // namespace tecs
