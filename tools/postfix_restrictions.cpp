#include "tools/postfix_restrictions.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "tools/postfix_words.hpp"

namespace tecs {
namespace {

using End = PostfixRestrictions::Outcome;

// Classes may name one another, and a mistake may make a circle of them.
constexpr unsigned maximum_depth = 8;

std::string lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  return text;
}

// Those that refuse, or put off, whatever goes to a domain outside.
bool refuses_outside_mail(const std::string& restriction) {
  constexpr std::array<std::string_view, 6> refusing{"reject",
                                                     "defer",
                                                     "defer_if_permit",
                                                     "reject_unauth_destination",
                                                     "defer_unauth_destination",
                                                     "check_relay_domains"};
  return std::find(refusing.begin(), refusing.end(), restriction) != refusing.end();
}

}  // namespace

PostfixRestrictions::PostfixRestrictions(const SmtpdService& service)
    : service_(service), classes_(postfix_list(service.value("smtpd_restriction_classes"))) {
  lists_ = {"smtpd_client_restrictions",     "smtpd_helo_restrictions",      "smtpd_sender_restrictions",
            "smtpd_relay_restrictions",      "smtpd_recipient_restrictions", "smtpd_data_restrictions",
            "smtpd_end_of_data_restrictions"};
  lists_.insert(lists_.end(), classes_.begin(), classes_.end());
}

bool PostfixRestrictions::is_class(const std::string& name) const {
  return std::find(classes_.begin(), classes_.end(), name) != classes_.end();
}

End PostfixRestrictions::outside_mail(const std::string& list, Client client) const {
  return outside_mail(list, client, 0);
}

End PostfixRestrictions::outside_mail(const std::string& list, Client client, unsigned depth) const {
  if (depth == maximum_depth) return End::undecided;
  bool only_warns = false;
  for (const std::string& word : postfix_list(service_.value(list))) {
    const std::string restriction = lower_case(word);
    if (restriction == "warn_if_reject") {
      only_warns = true;
      continue;
    }
    if (restriction == "permit") return End::permitted;
    if (restriction == "permit_sasl_authenticated" && client == Client::authenticated) return End::permitted;
    // static:permit_sasl_authenticated, inline:{example.org=permit_sasl_authenticated}
    if (restriction.find(':') != std::string::npos && client == Client::authenticated &&
        restriction.find("permit_sasl_authenticated") != std::string::npos) {
      return End::permitted;
    }
    if (refuses_outside_mail(restriction) && !only_warns) return End::refused;
    if (is_class(word)) {
      const End end = outside_mail(word, client, depth + 1);
      if (end == End::permitted || (end == End::refused && !only_warns)) return end;
    }
    // What the table says is not known, and it may name any class.
    if (restriction.starts_with("check_") && client == Client::authenticated &&
        std::any_of(classes_.begin(), classes_.end(), [&](const std::string& name) {
          return outside_mail(name, client, depth + 1) == End::permitted &&
                 outside_mail(name, Client::unknown, depth + 1) != End::permitted;
        })) {
      return End::permitted;
    }
    only_warns = false;
  }
  return End::undecided;
}

bool PostfixRestrictions::names(const std::string& list, std::string_view restriction) const {
  const auto words = postfix_list(service_.value(list));
  return std::any_of(words.begin(), words.end(),
                     [&](const std::string& word) { return lower_case(word) == restriction; });
}

std::string PostfixRestrictions::without(const std::string& list, std::string_view restriction) const {
  std::string text;
  for (const std::string& word : postfix_list(service_.value(list))) {
    if (lower_case(word) != restriction) text += (text.empty() ? "" : " ") + word;
  }
  return text;
}

}  // namespace tecs
