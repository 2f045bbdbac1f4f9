// What Postfix's access restrictions (postconf(5), SMTPD_ACCESS_README) do with a stranger.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tools/postfix_configuration.hpp"

namespace tecs {

// How the restrictions of one service end for a client outside of mynetworks that sends to a domain which is
// none of ours. Policy servers and tables in files are taken to say nothing, but for restriction classes that
// a table may name. The service must outlive this.
class PostfixRestrictions {
 public:
  enum class Client : std::uint8_t { unknown, authenticated };
  enum class Outcome : std::uint8_t { refused, permitted, undecided };

  explicit PostfixRestrictions(const SmtpdService& service);

  // list: a parameter, such as smtpd_relay_restrictions.
  [[nodiscard]] Outcome outside_mail(const std::string& list, Client client) const;
  // Whether the list itself names the restriction, not by a class.
  [[nodiscard]] bool names(const std::string& list, std::string_view restriction) const;
  // The list without a restriction.
  [[nodiscard]] std::string without(const std::string& list, std::string_view restriction) const;
  // All lists and classes that Postfix evaluates once a client may have authenticated.
  [[nodiscard]] const std::vector<std::string>& lists() const { return lists_; }

 private:
  [[nodiscard]] Outcome outside_mail(const std::string& list, Client client, unsigned depth) const;
  [[nodiscard]] bool is_class(const std::string& name) const;

  const SmtpdService& service_;
  std::vector<std::string> classes_;
  std::vector<std::string> lists_;
};

}  // namespace tecs
