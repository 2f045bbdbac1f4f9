// What a server offers in its reply to EHLO (RFC 5321 section 4.1.1.1), and what of it the MTA is to see.
#pragma once

#include <string>
#include <string_view>
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

  // Whether the MTA may still log in itself: after an AUTH that succeeded the server takes no other in this
  // session (RFC 4954 section 4).
  enum class Login { open, taken };

  // The reply for the MTA: without STARTTLS, and without TECS-1 among the mechanisms, both being the
  // signer's; without AUTH if no mechanism is left or the login is taken. All else stands as it came.
  [[nodiscard]] std::string format(Login login) const;

 private:
  std::string greeting_;
  std::vector<std::string> lines_;
};

}  // namespace tecs
