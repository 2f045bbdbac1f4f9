// One AUTH TECS-1 with a server (RFC 4954 section 4, PROTOCOL sections 1 and 6). A machine without I/O, a
// part of the dialogue.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "smtp/smtp_reply.hpp"
#include "tecs/challenge.hpp"
#include "tecs/credential.hpp"

namespace tecs {

// begin() comes first; then, for each move returned, the member that reports how it went. Nothing is called
// after a move that ends the exchange. Not thread safe.
class AuthExchange {
 public:
  // Plain value.
  struct Move {
    enum class Kind {
      write,       // text, to the server; a reply follows
      sign,        // with the challenge, if there is one
      accepted,    // the end: 235
      refused,     // the end: the server does not take it; text says why
      not_signed,  // the end: there is no signature to offer; text says why
      lost,        // the end: the connection is of no more use; text says why
    };
    Kind kind;
    std::string text{};
    std::optional<Challenge> challenge{};
  };

  // ask_for_challenge: sign what the server sees, and not before it has said so.
  explicit AuthExchange(bool ask_for_challenge) noexcept : ask_for_challenge_(ask_for_challenge) {}

  [[nodiscard]] Move begin();
  [[nodiscard]] Move signed_with(const Credential& credential);
  // The reason is printable.
  [[nodiscard]] Move sign_failed(std::string_view reason);
  [[nodiscard]] Move on_reply(const SmtpReply& reply);

 private:
  // What is awaited.
  enum class Step {
    signature,
    challenge,           // the 334 that carries it
    response_signature,  // of the challenge
    prompt,              // a 334 whose challenge does not count: the credential is too long for the AUTH line
    verdict,             // on the credential
    cancellation,        // the reply to "*"
  };

  [[nodiscard]] Move write(std::string octets, Step awaited);
  [[nodiscard]] Move cancel(Move::Kind because, std::string reason);
  [[nodiscard]] Move on_challenge(const SmtpReply& reply);
  [[nodiscard]] Move on_cancelled(const SmtpReply& reply);

  bool ask_for_challenge_;
  Step step_ = Step::signature;
  std::string response_;  // the credential, until the 334 comes
  Move::Kind after_cancellation_ = Move::Kind::refused;
  std::string reason_;  // why it was cancelled
};

}  // namespace tecs
