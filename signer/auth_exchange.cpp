#include "signer/auth_exchange.hpp"

#include <utility>

#include "smtp/auth_command.hpp"
#include "tecs/base64.hpp"

namespace tecs {
namespace {

using Move = AuthExchange::Move;
using Kind = Move::Kind;

constexpr int accepted = 235;  // RFC 4954 section 6
constexpr int prompt = 334;
constexpr int closing = 421;  // RFC 5321 section 3.8

std::string refusal(const SmtpReply& reply) {
  return "the server refused the signature: " + reply.format();
}

// Empty counts as base64 here.
bool is_base64(const SmtpReply& reply) {
  return reply.lines.size() == 1 && decode_base64(reply.lines.front()).has_value();
}

// A server that cannot tell, or not so that it can be understood, is signed for by our own view.
std::optional<Challenge> challenge_of(const SmtpReply& reply) {
  return Challenge::parse_base64(reply.lines.front()).value_or(std::nullopt);
}

}  // namespace

Move AuthExchange::begin() {
  if (!ask_for_challenge_) return {.kind = Kind::sign};
  return write("AUTH " + std::string(mechanism_name) + "\r\n", Step::challenge);
}

Move AuthExchange::signed_with(const Credential& credential) {
  if (step_ == Step::response_signature) {
    return write(encode_base64(octets_of(credential.format())) + "\r\n", Step::verdict);
  }
  AuthCommand command = make_auth_command(credential);
  response_ = std::move(command.response);
  return write(std::move(command.line), response_.empty() ? Step::verdict : Step::prompt);
}

Move AuthExchange::sign_failed(std::string_view reason) {
  if (step_ == Step::response_signature) return cancel(Kind::not_signed, std::string(reason));
  return {.kind = Kind::not_signed, .text = std::string(reason)};
}

Move AuthExchange::on_reply(const SmtpReply& reply) {
  if (step_ == Step::cancellation) return on_cancelled(reply);
  if (reply.code == closing) return {.kind = Kind::lost, .text = refusal(reply)};
  if (reply.code == prompt) return on_challenge(reply);
  // Before the credential was sent, a 235 is a login of nobody knows whom.
  if (reply.code == accepted && step_ == Step::verdict) return {.kind = Kind::accepted};
  return {.kind = Kind::refused, .text = refusal(reply)};
}

Move AuthExchange::on_challenge(const SmtpReply& reply) {
  // RFC 4954 section 4: what cannot be decoded must be answered with "*", whether or not it is asked for.
  if (step_ != Step::verdict && !is_base64(reply)) {
    return cancel(Kind::not_signed, "the server's challenge is not base64: " + reply.format());
  }
  if (step_ == Step::prompt) return write(std::exchange(response_, {}), Step::verdict);
  if (step_ != Step::challenge) return cancel(Kind::refused, refusal(reply));
  step_ = Step::response_signature;
  return {.kind = Kind::sign, .challenge = challenge_of(reply)};
}

// RFC 4954 section 4: the server must answer "*" with 501. Whatever else it says ends the exchange as well,
// unless it asks on.
Move AuthExchange::on_cancelled(const SmtpReply& reply) {
  if (reply.code != prompt && reply.code != closing) return {.kind = after_cancellation_, .text = reason_};
  return {.kind = Kind::lost,
          .text = "the server went on after the exchange was cancelled: " + reply.format()};
}

Move AuthExchange::write(std::string octets, Step awaited) {
  step_ = awaited;
  return {.kind = Kind::write, .text = std::move(octets)};
}

Move AuthExchange::cancel(Kind because, std::string reason) {
  after_cancellation_ = because;
  reason_ = std::move(reason);
  return write("*\r\n", Step::cancellation);
}

}  // namespace tecs
