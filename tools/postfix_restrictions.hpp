// What Postfix's access restrictions (postconf(5), SMTPD_ACCESS_README) do with a stranger.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tools/postfix_configuration.hpp"

namespace tecs {

// How the restrictions of one service end for a client outside of mynetworks that sends to a domain which is
// none of ours. Policy servers and tables in files are not asked: what they say is unseen. The service must
// outlive this.
class PostfixRestrictions {
 public:
  enum class Client : std::uint8_t { unknown, authenticated };
  enum class Outcome : std::uint8_t { refused, permitted, undecided };

  struct Reading {
    Outcome end = Outcome::undecided;
    // What permits only those who have authenticated: "permit_sasl_authenticated". Empty: nothing, or all.
    std::string by_login;
    // The first restriction before the end that may permit, or not: "check_client_access hash:/etc/access".
    std::string unseen;
  };

  explicit PostfixRestrictions(const SmtpdService& service);

  // list: a parameter, such as smtpd_relay_restrictions.
  [[nodiscard]] Reading outside_mail(const std::string& list, Client client) const;
  // Whether the list itself names the restriction, not by a class.
  [[nodiscard]] bool names(const std::string& list, std::string_view restriction) const;
  // The list without some restrictions.
  [[nodiscard]] std::string without(const std::string& list,
                                    const std::vector<std::string_view>& restrictions) const;
  // All lists and classes that Postfix evaluates once a client may have authenticated.
  [[nodiscard]] const std::vector<std::string>& lists() const { return lists_; }

 private:
  const SmtpdService& service_;
  std::vector<std::string> classes_;
  std::vector<std::string> lists_;
};

}  // namespace tecs
