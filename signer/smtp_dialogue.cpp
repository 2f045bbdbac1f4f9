#include "signer/smtp_dialogue.hpp"

#include <utility>

#include "signer/signer_reply.hpp"
#include "smtp/smtp_command.hpp"
#include "tecs/printable_text.hpp"

namespace tecs {
namespace {

using Kind = NextAction::Kind;
using Ending = DialogueOutcome::Ending;
using Awaits = MtaSession::Awaits;

constexpr int ready = 220;
constexpr int closing = 421;  // the server is about to close the connection (RFC 5321 section 3.8)

constexpr std::chrono::seconds last_words{5};  // for what the MTA is told at the end

}  // namespace

SmtpDialogue::SmtpDialogue(DialogueSettings settings, const IdentityChoice& choice)
    : settings_(std::move(settings)), session_(choice) {}

SmtpDialogue::SmtpDialogue(DialogueSettings settings, const IdentityChoice& choice, Continuation before,
                           std::string_view held)
    : settings_(std::move(settings)), session_(choice, std::move(before), held), due_(held) {}

NextAction SmtpDialogue::start() {
  step_ = Step::connection;
  return {.kind = Kind::connect, .time_limit = settings_.limits.connect};
}

NextAction SmtpDialogue::connected(const ConnectionTerms& terms) {
  setup_.connected(terms);
  step_ = Step::greeting;
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

NextAction SmtpDialogue::mta_closed() {
  conclude(Ending::failed, "the MTA closed the connection");
  return {.kind = Kind::close};
}

NextAction SmtpDialogue::timed_out() {
  if (step_ == Step::command) return give_up("421 4.4.2", "no command came in time");
  return carry_on(setup_.lost("4.4.2", "the server did not reply in time"));
}

Identity SmtpDialogue::identity_to_sign() const {
  if (!setup_.signs() || setup_.terms().ask_for_challenge) return nullptr;
  return session_.identity().value_or(nullptr);
}

NextAction SmtpDialogue::advance() {
  return step_ == Step::command ? await_command() : await_reply();
}

NextAction SmtpDialogue::await_command() {
  const auto line = commands_.next(maximum_size_of_command(commands_.rest()));
  if (!line) return give_up("500 5.5.2", "the MTA sent what is not a command: " + line.error().sentence);
  if (!*line) return {.kind = Kind::read_mta, .time_limit = settings_.limits.command};
  return on_command(**line);
}

NextAction SmtpDialogue::await_reply() {
  const auto reply = replies_.next();
  if (!reply) {
    return carry_on(setup_.lost("4.5.0", "the server sent what is not a reply: " + reply.error().sentence));
  }
  if (*reply) return on_reply(**reply);
  const DialogueTimeLimits& limits = settings_.limits;
  return {.kind = Kind::read_upstream,
          .time_limit = step_ == Step::greeting ? limits.greeting : setup_.reply_limit(limits)};
}

NextAction SmtpDialogue::on_command(std::string_view line) {
  const MtaCommand command = mta_command(line);
  if (command == MtaCommand::quit) return send_upstream(std::string(line) + "\r\n", Step::quit_reply);
  if (command != MtaCommand::hello) {
    return session_.was_told() ? on_held_command(command, line) : on_early_command(command, line);
  }
  session_.said_hello(line);
  return carry_on(setup_.say_hello(session_.ehlo(), session_.helo()));
}

// There is no AUTH, and no STARTTLS, without EHLO.
NextAction SmtpDialogue::on_early_command(MtaCommand command, std::string_view line) {
  const std::string verb = verb_of(line);
  const bool passes = strict() ? verb == "NOOP" || verb == "RSET" : command == MtaCommand::changes_nothing;
  if (passes) return send_upstream(std::string(line) + "\r\n", Step::command_reply);
  if (strict()) return refuse_command("503 5.5.1", "EHLO comes first");
  due_ = std::string(line) + "\r\n";
  return pump(Ending::not_signed, "the MTA said " + printable_text(verb, 20) + " and not EHLO", {});
}

// AUTH TECS-1 waits for MAIL. Whatever begins something that one reply does not end, or that another
// connection would not know of, cannot come before it.
NextAction SmtpDialogue::on_held_command(MtaCommand command, std::string_view line) {
  std::string octets = std::string(line) + "\r\n";
  switch (command) {
    case MtaCommand::mail:
      session_.said_mail(line);
      due_ = std::move(octets);
      return authenticate();
    case MtaCommand::login:
      due_ = std::move(octets);
      return go_unsigned(SignatureDemand::offered, "the MTA logged in by itself");
    case MtaCommand::chunk:
      return give_up("503 5.5.1", "BDAT came before MAIL");
    case MtaCommand::out_of_place:
      return refuse_command("503 5.5.1", verb_of(line) + " cannot be said here");
    case MtaCommand::unreadable:
      return refuse_command("500 5.5.2", "this is not a command");
    default:
      return send_upstream(std::move(octets), Step::command_reply);
  }
}

NextAction SmtpDialogue::on_reply(const SmtpReply& reply) {
  switch (step_) {
    case Step::greeting:
      return on_greeting(reply);
    case Step::command_reply:
      return on_command_reply(reply);
    case Step::quit_reply:
      return end_with(reply, Ending::not_signed, "the MTA said QUIT");
    default:
      break;
  }
  ServerSetup::Move move = setup_.on_reply(reply);
  if (move.kind == ServerSetup::Move::Kind::hello_refused)
    return on_hello_refused(reply, std::move(move.text));
  if (move.kind != ServerSetup::Move::Kind::helo_taken) return carry_on(std::move(move));
  return pump(Ending::not_signed, std::move(move.text), reply.octets);
}

NextAction SmtpDialogue::on_greeting(const SmtpReply& reply) {
  if (session_.awaits() != Awaits::greeting) {
    if (reply.code == ready) return carry_on(setup_.say_hello(session_.ehlo(), session_.helo()));
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
  if (!session_.was_told() || reply.positive() || reply.code >= 400) return tell_mta(reply.octets);
  // More is to come from the MTA, nobody knows how much: what cannot be understood cannot be held.
  NextAction action = go_unsigned(SignatureDemand::offered, "the server asked for more: " + reply.format());
  if (action.kind == Kind::pump) action.to_mta.insert(0, reply.octets);
  return action;
}

NextAction SmtpDialogue::on_hello_refused(const SmtpReply& reply, std::string reason) {
  if (session_.awaits() == Awaits::nothing) return give_up("421 4.4.0", reason);
  if (reply.code == closing) return end_with(reply, Ending::failed, std::move(reason));
  session_.hello_was_refused();
  return tell_mta(reply.octets);
}

NextAction SmtpDialogue::carry_on(ServerSetup::Move move) {
  using Move = ServerSetup::Move::Kind;
  switch (move.kind) {
    case Move::write:
      return send_upstream(std::move(move.text), Step::setup);
    case Move::starttls:
      return say_starttls(std::move(move.text));
    case Move::handshake:
      // RFC 3207 section 6: what was sent ahead of the handshake is not protected and may be somebody else's.
      replies_.discard();
      return {.kind = Kind::start_tls, .time_limit = settings_.limits.starttls};
    case Move::sign:
      return {.kind = Kind::sign, .identity = *session_.identity(), .challenge = move.challenge};
    case Move::reconnect:
      replies_.discard();
      return start();
    case Move::hello_taken:
      return on_hello_taken();
    case Move::authenticated:
      return pump(Ending::is_signed, {},
                  session_.answer_to_hello(*setup_.capabilities(), EhloCapabilities::Login::taken));
    case Move::not_signed:
      return go_unsigned(SignatureDemand::offered, std::move(move.text));
    default:
      return give_up("421 " + std::string(move.status), move.text);
  }
}

// What the MTA sent ahead of the reply to EHLO belongs to a session without TLS (RFC 3207 section 4.2, RFC
// 2920 section 3.1), unless it is held for a session that took the place of one with it.
NextAction SmtpDialogue::say_starttls(std::string line) {
  if (session_.awaits() != Awaits::nothing && commands_.holds_octets()) {
    return give_up("421 4.5.0", "commands came ahead of the reply to EHLO");
  }
  return send_upstream(std::move(line), Step::setup);
}

NextAction SmtpDialogue::on_hello_taken() {
  const EhloCapabilities& capabilities = *setup_.capabilities();
  if (const auto missing = session_.misses(capabilities)) {
    return give_up("421 4.4.0", "the server no longer offers " + *missing);
  }
  if (session_.identity() || !setup_.offers_tecs()) return authenticate();
  // The MTA, told of no login, does not begin one where a signature is demanded.
  const bool may_log_in = setup_.terms().signature < SignatureDemand::offered;
  return tell_mta(session_.answer_to_hello(
      capabilities, may_log_in ? EhloCapabilities::Login::open : EhloCapabilities::Login::taken));
}

NextAction SmtpDialogue::authenticate() {
  if (!setup_.offers_tecs()) {
    const bool never = setup_.terms().signature == SignatureDemand::never;
    return go_unsigned(SignatureDemand::always,
                       never ? "nothing is signed for this server" : "the server does not offer TECS-1");
  }
  if (!*session_.identity()) return go_unsigned(SignatureDemand::always, "nobody answers for this mail");
  return carry_on(setup_.authenticate());
}

NextAction SmtpDialogue::send_upstream(std::string octets, Step awaited) {
  step_ = awaited;
  return {
      .kind = Kind::write_upstream, .to_upstream = std::move(octets), .time_limit = settings_.limits.write};
}

NextAction SmtpDialogue::tell_mta(std::string octets) {
  session_.was_answered();
  step_ = Step::command;
  return {.kind = Kind::write_mta, .to_mta = std::move(octets), .time_limit = settings_.limits.write};
}

NextAction SmtpDialogue::refuse_command(std::string_view code, std::string_view reason) {
  return tell_mta(signer_reply(code, settings_.host, reason));
}

// forbidding: the least demand that does not let the mail go so.
NextAction SmtpDialogue::go_unsigned(SignatureDemand forbidding, std::string reason) {
  if (setup_.terms().signature >= forbidding) return give_up("421 4.7.0", reason);
  return pump(Ending::not_signed, std::move(reason),
              session_.answer_to_hello(*setup_.capabilities(), EhloCapabilities::Login::open));
}

// What either side sent ahead goes along, in order.
NextAction SmtpDialogue::pump(Ending ending, std::string reason, std::string to_mta) {
  conclude(ending, std::move(reason));
  if (setup_.capabilities()) outcome_.watch = session_.continuation(*setup_.capabilities());
  return {.kind = Kind::pump,
          .to_mta = std::move(to_mta) + replies_.take_rest(),
          .to_upstream = std::move(due_) + commands_.take_rest()};
}

NextAction SmtpDialogue::end_with(const SmtpReply& reply, Ending ending, std::string reason) {
  conclude(ending, std::move(reason));
  return {.kind = Kind::close, .to_mta = reply.octets, .time_limit = last_words};
}

NextAction SmtpDialogue::give_up(std::string_view reply_code, std::string_view reason) {
  conclude(Ending::failed, std::string(reason));
  return {.kind = Kind::close,
          .to_mta = signer_reply(reply_code, settings_.host, outcome_.reason),
          .time_limit = last_words};
}

void SmtpDialogue::conclude(Ending ending, std::string reason) {
  step_ = Step::over;
  outcome_.ending = ending;
  outcome_.reason = std::move(reason);
  outcome_.refused = setup_.was_refused();
  outcome_.tls_failure = setup_.tls_failure();
  outcome_.identity = session_.identity().value_or(nullptr);
}

// Nothing that belongs to a transaction passes before the terms are met.
bool SmtpDialogue::strict() const noexcept {
  return setup_.terms().tls == TlsDemand::required || setup_.terms().signature >= SignatureDemand::offered;
}

}  // namespace tecs
