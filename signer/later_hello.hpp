// An EHLO or HELO that the MTA says again, behind its set-up (RFC 5321 section 4.1.4): it may name another
// party, and its reply must show the MTA no more than the first one did.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "signer/continuation.hpp"
#include "signer/identity.hpp"
#include "signer/identity_choice.hpp"
#include "smtp/ehlo_capabilities.hpp"
#include "smtp/smtp_reply.hpp"
#include "tecs/error.hpp"

namespace tecs {

// Not thread safe.
class LaterHello {
 public:
  // connection: as the set-up left it. is_signed: the server took its signature, and so takes no other login.
  LaterHello(const IdentityChoice& choice, Continuation connection, bool is_signed);

  // line: the command, without CRLF; as_helo: it is HELO.
  void said(std::string_view line, bool as_helo);
  // Octets of its reply, of which not all need be here. Gives what the MTA hears of it: nothing until the
  // reply is whole. Fails with protocol_error when it cannot be read; nothing more is to be given then.
  [[nodiscard]] Expected<std::string> replied(std::string_view octets);
  // Since said(), until the reply is whole.
  [[nodiscard]] bool awaited() const noexcept { return said_.has_value(); }

  // Who answers, whoever the sender, by the last name that the server took; nothing: the sender decides.
  [[nodiscard]] const std::optional<Identity>& identity() const noexcept { return identity_; }
  // As it is now, with the last hello that the server took, and what the MTA was told after it.
  [[nodiscard]] const Continuation& connection() const noexcept { return connection_; }

 private:
  struct Said {
    std::string line;  // EHLO, whatever the MTA said, with CRLF
    bool as_helo;
  };

  IdentityChoice choice_;
  Continuation connection_;
  EhloCapabilities::Login login_;
  std::optional<Identity> identity_;
  std::optional<Said> said_;
  SmtpReplyReader reply_;
};

}  // namespace tecs
