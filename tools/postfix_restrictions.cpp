#include "tools/postfix_restrictions.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <utility>

#include "tools/postfix_words.hpp"

namespace tecs {
namespace {

using Client = PostfixRestrictions::Client;
using End = PostfixRestrictions::Outcome;
using Reading = PostfixRestrictions::Reading;

// Classes name one another, and a table in a list names them too. Postfix goes no deeper either.
constexpr unsigned maximum_depth = 100;

Reading permitted() {
  return {End::permitted, "", ""};
}

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

bool is_all_digits(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

// access(5): three digits from 400 on are the code of a refusal, any other number is OK.
bool is_permission(const std::string& answer) {
  const std::string word = lower_case(answer);
  if (word == "ok" || word == "relay") return true;
  return is_all_digits(word) && (word.size() != 3 || (word.front() != '4' && word.front() != '5'));
}

// Postfix takes no permission from them, as a stranger's name server has the last word in them.
bool is_ruled_by_dns(const std::string& restriction) {
  return restriction.ends_with("_ns_access") || restriction.ends_with("_mx_access") ||
         restriction.ends_with("_a_access");
}

// Reads lists for one client. Each class is read once, however often it is named.
class Evaluation {
 public:
  Evaluation(const SmtpdService& service, const std::vector<std::string>& classes, Client client)
      : service_(service), classes_(classes), client_(client) {}

  // only_warns: warn_if_reject stands before what names this list, and holds for all of it.
  Reading list(std::string_view text, bool only_warns) {
    Reading all;
    bool warns = only_warns;
    const auto words = postfix_list(text);
    for (auto word = words.begin(); word != words.end(); ++word) {
      if (lower_case(*word) == "warn_if_reject") {
        warns = true;
        continue;
      }
      const bool has_argument = takes_argument(*word) && word + 1 != words.end();
      const Reading one = restriction(*word, has_argument ? *(word + 1) : "", warns);
      if (has_argument) ++word;
      if (all.unseen.empty()) all.unseen = one.unseen;
      if (one.end != End::undecided) return {one.end, one.by_login, all.unseen};
      warns = only_warns;
    }
    return all;
  }

 private:
  [[nodiscard]] bool is_class(const std::string& word) const {
    return std::find(classes_.begin(), classes_.end(), word) != classes_.end();
  }
  [[nodiscard]] bool takes_argument(const std::string& word) const {
    const std::string name = lower_case(word);
    return name.starts_with("check_") && !refuses_outside_mail(name) && !is_class(word);
  }

  Reading restriction(const std::string& word, const std::string& argument, bool warns) {
    const std::string name = lower_case(word);
    if (name == "permit") return permitted();
    if (name == "permit_sasl_authenticated")
      return client_ == Client::authenticated ? Reading{End::permitted, word, ""} : Reading{};
    if (refuses_outside_mail(name)) return {warns ? End::undecided : End::refused, "", ""};
    if (is_class(word)) return restriction_class(word, warns);
    if (name == "check_policy_service") return unseen(word + " " + argument);
    if (name == "check_sasl_access") {
      if (client_ == Client::unknown) return {};
      Reading reading = table(word + " " + argument, argument, warns);
      if (reading.end == End::permitted) reading.by_login = word + " " + argument;
      return reading;
    }
    if (is_ruled_by_dns(name)) return {};
    if (takes_argument(word)) return table(word + " " + argument, argument, warns);
    // A table without a word before it is asked for what its list is about.
    if (word.find(':') != std::string::npos) return table(word, word, warns);
    return {};
  }

  Reading restriction_class(const std::string& name, bool warns) {
    // While it is being read it decides nothing: Postfix does not survive a circle of classes.
    const auto [known, is_new] = known_.try_emplace({name, warns});
    if (is_new) {
      if (++depth_ > maximum_depth) {
        known->second = unseen(name);
      } else {
        known->second = list(service_.value(name), warns);
      }
      --depth_;
    }
    return known->second;
  }

  // whole: the restriction with its table, as it is reported.
  Reading table(const std::string& whole, const std::string& name, bool warns) {
    if (name.starts_with("static:")) return answer(without_braces(name.substr(7)), warns);
    if (!name.starts_with("inline:")) return unseen(whole);
    // Whether a stranger's name or address is a key is not known. A key is enough for a login to count, but
    // one that permits without can be meant for somebody.
    Reading all;
    for (const std::string& entry : postfix_list(without_braces(name.substr(7)))) {
      Reading one = answer(parse_name_and_value(without_braces(entry)).value, warns);
      if (one.end == End::permitted && !one.by_login.empty()) return one;
      if (one.end == End::permitted || !one.unseen.empty()) all.unseen = whole;
    }
    return all;
  }

  // The right-hand side of a table (access(5)): a word of its own, or restrictions.
  Reading answer(std::string_view text, bool warns) {
    const auto words = postfix_list(text);
    if (!words.empty() && is_permission(words.front())) return permitted();
    if (depth_ == maximum_depth) return unseen(std::string(text));
    ++depth_;
    Reading reading = list(text, warns);
    --depth_;
    return reading;
  }

  static Reading unseen(std::string restriction) { return {End::undecided, "", std::move(restriction)}; }

  const SmtpdService& service_;
  const std::vector<std::string>& classes_;
  const Client client_;
  std::map<std::pair<std::string, bool>, Reading> known_;
  unsigned depth_ = 0;
};

}  // namespace

PostfixRestrictions::PostfixRestrictions(const SmtpdService& service)
    : service_(service), classes_(postfix_list(service.value("smtpd_restriction_classes"))) {
  lists_ = {"smtpd_client_restrictions",     "smtpd_helo_restrictions",      "smtpd_sender_restrictions",
            "smtpd_relay_restrictions",      "smtpd_recipient_restrictions", "smtpd_data_restrictions",
            "smtpd_end_of_data_restrictions"};
  lists_.insert(lists_.end(), classes_.begin(), classes_.end());
}

Reading PostfixRestrictions::outside_mail(const std::string& list, Client client) const {
  return Evaluation(service_, classes_, client).list(service_.value(list), false);
}

bool PostfixRestrictions::names(const std::string& list, std::string_view restriction) const {
  const auto words = postfix_list(service_.value(list));
  return std::any_of(words.begin(), words.end(),
                     [&](const std::string& word) { return lower_case(word) == restriction; });
}

std::string PostfixRestrictions::without(const std::string& list,
                                         const std::vector<std::string_view>& restrictions) const {
  std::string text;
  for (const std::string& word : postfix_list(service_.value(list))) {
    if (std::find(restrictions.begin(), restrictions.end(), lower_case(word)) == restrictions.end())
      text += (text.empty() ? "" : " ") + word;
  }
  return text;
}

}  // namespace tecs
