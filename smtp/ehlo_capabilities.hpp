// What a server offers in its reply to EHLO (RFC 5321 section 4.1.1.1), and what of it the MTA is to see.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "smtp/smtp_reply.hpp"

namespace tecs {

// Plain value. Keywords and mechanism names are compared without regard to case.
class EhloCapabilities {
 public:
  // reply: a positive reply to EHLO; its first line greets and is no capability.
  explicit EhloCapabilities(const SmtpReply& reply);

  [[nodiscard]] bool starttls() const noexcept;  // RFC 3207
  [[nodiscard]] bool mechanism(
      std::string_view name) const noexcept;  // of AUTH, RFC 4954, or of the old "AUTH="

  // As if the server did not offer TECS-1.
  void withdraw_tecs();

  // Whether the MTA may still log in itself: after an AUTH that succeeded the server takes no other in this
  // session (RFC 4954 section 4).
  enum class Login { open, taken };
  // Where several parties take turns a fresh connection may follow, unseen, when all replies of the earlier
  // one are through. XCLIENT and XFORWARD, by which an MTA tells a server of its trust what the server itself
  // cannot see, and PRDR, with its reply for each recipient, do not go together with that.
  enum class Forwarding { open, hidden };

  // What the MTA is to see: all but STARTTLS, and TECS-1 among the mechanisms, both being the signer's, and
  // PIPECONNECT; AUTH only if a mechanism is left and the login is open. All else stands as it came, in
  // order.
  [[nodiscard]] EhloCapabilities shown(Login login, Forwarding forwarding = Forwarding::open) const;
  // What an MTA knows that said HELO.
  [[nodiscard]] EhloCapabilities greeting_alone() const;
  [[nodiscard]] std::string format() const;  // as a reply

  // The first keyword of an MTA's earlier view that is not here, or the SIZE that has become smaller (RFC
  // 1870 section 4): what the MTA was told must hold. AUTH does not count. Printable.
  [[nodiscard]] std::optional<std::string> lacks(const EhloCapabilities& told) const;

 private:
  EhloCapabilities(std::string greeting, std::vector<std::string> lines)
      : greeting_(std::move(greeting)), lines_(std::move(lines)) {}

  std::string greeting_;
  std::vector<std::string> lines_;
};

}  // namespace tecs
