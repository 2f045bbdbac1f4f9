#include "signer/server_setup.hpp"

#include <utility>

#include "smtp/auth_command.hpp"

namespace tecs {
namespace {

using Move = ServerSetup::Move;
using Kind = Move::Kind;

constexpr int ready = 220;    // RFC 3207 section 4
constexpr int closing = 421;  // the server is about to close the connection (RFC 5321 section 3.8)

constexpr std::string_view no_tls = "4.7.4";        // RFC 3463: security features not supported
constexpr std::string_view broken_tls = "4.7.5";    // cryptographic failure
constexpr std::string_view no_signature = "4.7.0";  // another security status
constexpr std::string_view bad_connection = "4.4.2";

}  // namespace

void ServerSetup::connected(const ConnectionTerms& terms) {
  terms_ = terms;
  tls_up_ = false;
  tls_proved_ = false;
  capabilities_.reset();
}

Move ServerSetup::say_hello(std::string ehlo, std::string helo) {
  ehlo_ = std::move(ehlo);
  helo_ = std::move(helo);
  return write(ehlo_, Step::ehlo_reply);
}

Move ServerSetup::authenticate() {
  if (!signs_) return end({.kind = Kind::not_signed, .text = auth_failure_});
  step_ = Step::authentication;
  exchange_.emplace(terms_.ask_for_challenge);
  return carry_on(exchange_->begin());
}

Move ServerSetup::on_reply(const SmtpReply& reply) {
  switch (step_) {
    case Step::helo_reply:
      return on_helo_reply(reply);
    case Step::starttls_reply:
      return on_starttls_reply(reply);
    case Step::authentication:
      return carry_on(exchange_->on_reply(reply));
    case Step::reset_reply:
      return on_reset_reply(reply);
    default:
      return on_ehlo_reply(reply);
  }
}

// RFC 3207 section 4.2: after the handshake all that was learnt from the server before it is forgotten, and
// the client says EHLO again.
Move ServerSetup::tls_established() {
  tls_up_ = true;
  capabilities_.reset();
  return write(ehlo_, Step::ehlo_reply);
}

Move ServerSetup::tls_failed(std::string_view reason) {
  return tls_lost(broken_tls, std::string(reason));
}

Move ServerSetup::signed_with(const Credential& credential) {
  return carry_on(exchange_->signed_with(credential));
}

Move ServerSetup::sign_failed(std::string_view reason) {
  return carry_on(exchange_->sign_failed(reason));
}

// If TLS or AUTH may be the cause, a new connection does without.
Move ServerSetup::lost(std::string_view status, std::string_view reason) {
  switch (step_) {
    case Step::ehlo_reply:
      // A server that dislikes the client's side of a handshake often says so only after it.
      if (!tls_up_ || tls_proved_) break;
      [[fallthrough]];
    case Step::starttls_reply:
    case Step::handshake:
      return tls_lost(broken_tls, std::string(reason));
    case Step::authentication:
      return login_lost(reason);
    case Step::reset_reply:
      signs_ = false;
      return end({.kind = Kind::reconnect});
    default:
      break;
  }
  return end({.kind = Kind::failed, .text = std::string(reason), .status = status});
}

bool ServerSetup::offers_tecs() const noexcept {
  return capabilities_ && capabilities_->mechanism(mechanism_name);
}

std::chrono::milliseconds ServerSetup::reply_limit(const DialogueTimeLimits& limits) const noexcept {
  switch (step_) {
    case Step::starttls_reply:
      return limits.starttls;
    case Step::authentication:
    case Step::reset_reply:
      return limits.authentication;
    default:
      return limits.reply;
  }
}

Move ServerSetup::on_ehlo_reply(const SmtpReply& reply) {
  tls_proved_ = tls_up_;
  if (!reply.positive()) return on_ehlo_refused(reply);
  capabilities_.emplace(reply);
  // What takes TECS-1 takes no other AUTH after it (RFC 4954 section 4), and so no login of the MTA's own.
  if (terms_.signature == SignatureDemand::never) capabilities_->withdraw_tecs();
  if (tls_up_ || (!owes_tls() && tls_given_up_) || terms_.tls == TlsDemand::never) {
    return end({.kind = Kind::hello_taken});
  }
  if (capabilities_->starttls()) {
    step_ = Step::starttls_reply;
    return {.kind = Kind::starttls, .text = "STARTTLS\r\n"};
  }
  if (owes_tls()) return tls_lost(no_tls, "the server does not offer STARTTLS");
  return end({.kind = Kind::hello_taken});
}

Move ServerSetup::on_ehlo_refused(const SmtpReply& reply) {
  ehlo_failure_ = "the server refused EHLO: " + reply.format();
  if (helo_.empty() || reply.code == closing) {
    return end({.kind = Kind::hello_refused, .text = ehlo_failure_});
  }
  if (owes_tls()) return tls_lost(no_tls, ehlo_failure_);
  // An earlier EHLO may have been taken, and TECS-1 offered.
  if (terms_.signature >= (offers_tecs() ? SignatureDemand::offered : SignatureDemand::always)) {
    return end({.kind = Kind::failed, .text = ehlo_failure_, .status = no_signature});
  }
  return write(helo_, Step::helo_reply);
}

Move ServerSetup::on_helo_reply(const SmtpReply& reply) {
  const Kind kind = reply.positive() ? Kind::helo_taken : Kind::hello_refused;
  return end({.kind = kind, .text = ehlo_failure_});
}

Move ServerSetup::on_starttls_reply(const SmtpReply& reply) {
  if (reply.code == ready) {
    step_ = Step::handshake;
    return {.kind = Kind::handshake};
  }
  std::string reason = "the server refused STARTTLS: " + reply.format();
  if (reply.code == closing || owes_tls()) return tls_lost(no_tls, std::move(reason));
  tls_failure_ = std::move(reason);
  tls_given_up_ = true;
  return end({.kind = Kind::hello_taken});
}

Move ServerSetup::on_reset_reply(const SmtpReply& reply) {
  if (reply.code == closing) return lost(bad_connection, reply.format());
  return end({.kind = Kind::not_signed, .text = auth_failure_});
}

Move ServerSetup::carry_on(AuthExchange::Move move) {
  switch (move.kind) {
    case AuthExchange::Move::Kind::write:
      return write(std::move(move.text), Step::authentication);
    case AuthExchange::Move::Kind::sign:
      return {.kind = Kind::sign, .challenge = move.challenge};
    case AuthExchange::Move::Kind::accepted:
      return end({.kind = Kind::authenticated});
    case AuthExchange::Move::Kind::refused:
      return refused(std::move(move.text));
    case AuthExchange::Move::Kind::lost:
      return login_lost(move.text);
    default:
      return end({.kind = Kind::not_signed, .text = std::move(move.text)});
  }
}

// Some servers close the connection after an AUTH that failed: better they do so at RSET than at MAIL.
Move ServerSetup::refused(std::string reason) {
  was_refused_ = true;
  auth_failure_ = std::move(reason);
  if (terms_.signature == SignatureDemand::may) return write("RSET\r\n", Step::reset_reply);
  return end({.kind = Kind::failed, .text = auth_failure_, .status = no_signature});
}

Move ServerSetup::login_lost(std::string_view reason) {
  was_refused_ = true;
  signs_ = false;
  auth_failure_ = "AUTH failed: " + std::string(reason);
  if (terms_.signature == SignatureDemand::may) return end({.kind = Kind::reconnect});
  return end({.kind = Kind::failed, .text = auth_failure_, .status = no_signature});
}

Move ServerSetup::tls_lost(std::string_view status, std::string reason) {
  tls_failure_ = std::move(reason);
  tls_given_up_ = true;
  if (terms_.tls != TlsDemand::required) return end({.kind = Kind::reconnect});
  return end({.kind = Kind::failed, .text = tls_failure_, .status = status});
}

Move ServerSetup::write(std::string octets, Step awaited) {
  step_ = awaited;
  return {.kind = Kind::write, .text = std::move(octets)};
}

Move ServerSetup::end(Move move) {
  step_ = Step::nothing;
  return move;
}

}  // namespace tecs
