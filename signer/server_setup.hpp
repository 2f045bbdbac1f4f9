// What the signer says to the server from EHLO to AUTH, on as many connections as it takes. A machine without
// I/O, a part of the dialogue.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "signer/auth_exchange.hpp"
#include "signer/dialogue_settings.hpp"
#include "smtp/ehlo_capabilities.hpp"
#include "smtp/smtp_reply.hpp"

namespace tecs {

// connected() and say_hello() come first; then, for each move returned, the member that reports how it went.
// After a move that ends it, say_hello() or, when EHLO was taken, authenticate() may follow. Not thread safe.
class ServerSetup {
 public:
  // Plain value.
  struct Move {
    enum class Kind {
      write,      // text; a reply follows
      starttls,   // text, unless the MTA has said too much; a reply follows
      handshake,  //
      sign,       // with the challenge, if there is one
      reconnect,  // then connected() and say_hello(): this connection is of no more use
      // The end:
      hello_taken,    // TLS is up, or is not going to be
      helo_taken,     // there is no more to expect; text: why HELO had to be said. The reply is for the MTA
      hello_refused,  // text: why; the reply is for the MTA
      authenticated,
      not_signed,  // though the server can do it; text: why
      failed,  // the terms cannot be met or the connection is gone; text: why, for the MTA with the status
    };
    Kind kind;
    std::string text{};
    std::string_view status{};  // of RFC 3463
    std::optional<Challenge> challenge{};
  };

  void connected(const ConnectionTerms& terms);
  [[nodiscard]] const ConnectionTerms& terms() const noexcept { return terms_; }

  // ehlo: with CRLF, and so is helo, to which the client falls back for a server of before ESMTP where the
  // terms allow it; empty: it does not.
  [[nodiscard]] Move say_hello(std::string ehlo, std::string helo);
  // Not after a signature was lost: not_signed at once. The identity is known by whoever is told to sign.
  [[nodiscard]] Move authenticate();

  [[nodiscard]] Move on_reply(const SmtpReply& reply);
  [[nodiscard]] Move tls_established();
  [[nodiscard]] Move tls_failed(std::string_view reason);
  [[nodiscard]] Move signed_with(const Credential& credential);
  [[nodiscard]] Move sign_failed(std::string_view reason);
  // Whatever was under way: the connection closed or broke, or no reply came in time.
  [[nodiscard]] Move lost(std::string_view status, std::string_view reason);

  // Of the last EHLO that was taken on this connection; without TECS-1 where nothing is to be signed.
  [[nodiscard]] const std::optional<EhloCapabilities>& capabilities() const noexcept { return capabilities_; }
  [[nodiscard]] bool offers_tecs() const noexcept;
  // TLS must be, and is not yet.
  [[nodiscard]] bool owes_tls() const noexcept { return terms_.tls == TlsDemand::required && !tls_up_; }
  // False once an AUTH ended a connection, and where nothing is to be signed.
  [[nodiscard]] bool signs() const noexcept { return signs_ && terms_.signature != SignatureDemand::never; }
  [[nodiscard]] bool authenticating() const noexcept { return step_ == Step::authentication; }
  [[nodiscard]] bool was_refused() const noexcept { return was_refused_; }  // a signature
  [[nodiscard]] const std::string& tls_failure() const noexcept { return tls_failure_; }
  [[nodiscard]] std::chrono::milliseconds reply_limit(const DialogueTimeLimits& limits) const noexcept;

 private:
  // What is awaited.
  enum class Step {
    nothing,
    ehlo_reply,
    helo_reply,
    starttls_reply,
    handshake,
    authentication,
    reset_reply,  // to the RSET after a signature that was refused
  };

  [[nodiscard]] Move on_ehlo_reply(const SmtpReply& reply);
  [[nodiscard]] Move on_ehlo_refused(const SmtpReply& reply);
  [[nodiscard]] Move on_helo_reply(const SmtpReply& reply);
  [[nodiscard]] Move on_starttls_reply(const SmtpReply& reply);
  [[nodiscard]] Move on_reset_reply(const SmtpReply& reply);
  [[nodiscard]] Move carry_on(AuthExchange::Move move);
  [[nodiscard]] Move refused(std::string reason);
  [[nodiscard]] Move login_lost(std::string_view reason);
  [[nodiscard]] Move tls_lost(std::string_view status, std::string reason);
  [[nodiscard]] Move write(std::string octets, Step awaited);
  [[nodiscard]] Move end(Move move);

  ConnectionTerms terms_;
  Step step_ = Step::nothing;
  std::string ehlo_;  // said again after TLS
  std::string helo_;
  std::optional<EhloCapabilities> capabilities_;
  std::optional<AuthExchange> exchange_;
  bool tls_up_ = false;        // on this connection
  bool tls_proved_ = false;    // a reply came through it
  bool tls_given_up_ = false;  // it went wrong once
  bool signs_ = true;
  bool was_refused_ = false;
  std::string tls_failure_;
  std::string auth_failure_;
  std::string ehlo_failure_;
};

}  // namespace tecs
