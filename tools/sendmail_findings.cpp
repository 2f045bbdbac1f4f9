#include "tools/sendmail_findings.hpp"

#include <strings.h>

#include <algorithm>
#include <array>
#include <utility>

#include "tools/cyrus_configuration.hpp"
#include "tools/postfix_words.hpp"
#include "tools/trimmed.hpp"

namespace tecs {
namespace {

using Filter = SendmailConfiguration::Filter;
using Value = SendmailConfiguration::Value;

constexpr const char* mechanism = "TECS-1";
constexpr const char* filter_line =
    "INPUT_MAIL_FILTER(`tecs', `S=unix:/run/tecs/milter, T=C:5s;S:10s;R:30s;E:1m')dnl";

struct Complaint {
  Severity severity;
  std::string word;
  std::string problem;
  std::string reason;
};

bool is_mechanism(const std::string& word) {
  return strcasecmp(word.c_str(), mechanism) == 0;
}

std::string m4_define(const std::string& name, const std::string& value) {
  return "define(`" + name + "', `" + value + "')dnl";
}

std::string joined(const std::vector<std::string>& words, const char* separator) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : separator) + word;
  return text;
}

// M=A, or Modifiers=A, in the options of a port.
std::string without_modifier_a(const std::string& text) {
  std::string rest;
  for (const std::string& word : postfix_list(text)) {
    NameAndValue equate = parse_name_and_value(word);
    if (equate.name == "M" || equate.name == "Modifiers") {
      std::erase(equate.value, 'A');
      if (equate.value.empty()) continue;
    }
    rest += (rest.empty() ? "" : ", ") + equate.name + "=" + equate.value;
  }
  return rest;
}

class SendmailCheck {
 public:
  SendmailCheck(const SendmailFiles& files, const std::optional<std::string>& milter_socket)
      : files_(files), configuration_(files.cf_text), milter_socket_(milter_socket) {}

  std::vector<Finding> run() {
    check_trust();
    check_mechanisms();
    check_ports();
    check_sasl_file();
    check_filters();
    return std::move(findings_);
  }

 private:
  // sendmail.cf is made of the .mc file beside it, where the change belongs.
  // A define() that is added holds, as it comes later; other lines are to be changed where they stand.
  void in_mc(Complaint complaint, const std::string& change, bool replaces = false) {
    const std::string stem =
        files_.cf.ends_with(".cf") ? files_.cf.substr(0, files_.cf.size() - 3) : files_.cf;
    add(std::move(complaint), stem + ".mc", change, replaces);
  }
  // The first of several lines for one option holds.
  void in_sasl(Complaint complaint, const std::string& change, bool replaces = false) {
    add(std::move(complaint), files_.sasl, change, replaces);
  }
  void add(Complaint complaint, const std::string& file, const std::string& change, bool replaces) {
    findings_.push_back({complaint.severity, std::move(complaint.word), "sendmail",
                         std::move(complaint.problem), std::move(complaint.reason), file, 0, replaces,
                         change});
  }
  [[nodiscard]] std::string at(unsigned line) const {
    return " (" + files_.cf + ":" + std::to_string(line) + ")";
  }

  // The rules of sendmail.cf let whoever used a mechanism of this class relay.
  void check_trust() {
    const auto trusted = configuration_.class_words("TrustAuthMech");
    if (!trusted) return;
    auto words = postfix_list(trusted->text);
    if (std::erase_if(words, is_mechanism) == 0) return;
    in_mc({Severity::unsafe, "trust-auth-mech", "TRUST_AUTH_MECH names TECS-1" + at(trusted->line) + ".",
           "Anybody with a key in DNS can sign: strangers may relay."},
          words.empty() ? "dnl without TRUST_AUTH_MECH" : "TRUST_AUTH_MECH(`" + joined(words, " ") + "')dnl",
          true);
  }

  void check_mechanisms() {
    const auto mechanisms = configuration_.option("AuthMechanisms");
    const auto words = postfix_list(mechanisms ? mechanisms->text : "");
    if (std::none_of(words.begin(), words.end(), is_mechanism)) {
      in_mc({Severity::broken, "auth-mechanisms",
             mechanisms ? "AuthMechanisms has no TECS-1" + at(mechanisms->line) + "."
                        : "AuthMechanisms is not set, and its default has no TECS-1.",
             "AUTH TECS-1 is not offered, and nobody can sign."},
            m4_define("confAUTH_MECHANISMS", joined(words, " ") + (words.empty() ? "" : " ") + mechanism));
    }
    // f and m want forward secrecy and mutual authentication, c credentials that are passed on, a that nobody
    // in the middle can use what passes.
    const auto options = configuration_.option("AuthOptions");
    if (!options || options->text.find_first_of("afmc") == std::string::npos) return;
    std::string rest;
    std::copy_if(options->text.begin(), options->text.end(), std::back_inserter(rest), [](char option) {
      return option != 'a' && option != 'f' && option != 'm' && option != 'c';
    });
    in_mc({Severity::broken, "auth-options",
           "AuthOptions is " + options->text + at(options->line) + ", and a, c, f and m each hide TECS-1.",
           "AUTH TECS-1 is not offered, and nobody can sign."},
          m4_define("confAUTH_OPTIONS", std::string(trimmed(rest))));
  }

  void check_ports() {
    for (const Value& daemon : configuration_.options("DaemonPortOptions")) {
      for (const std::string& word : postfix_list(daemon.text)) {
        const NameAndValue equate = parse_name_and_value(word);
        if (equate.name != "M" && equate.name != "Modifiers") continue;
        if (equate.value.find('A') != std::string::npos) {
          in_mc({Severity::broken, "auth-disabled", "A port has the modifier A" + at(daemon.line) + ".",
                 "AUTH is not offered on that port, and nobody can sign there."},
                "DAEMON_OPTIONS(`" + without_modifier_a(daemon.text) + "')dnl", true);
        }
      }
    }
  }

  void check_sasl_file() {
    if (!files_.sasl_text) {
      in_sasl({Severity::broken, "no-sasl-file", "There is no " + files_.sasl + ".",
               "The plugin does not know where tecs-milter is."},
              "tecs_socket: unix:/run/tecs/sasl");
      return;
    }
    const CyrusConfiguration sasl(*files_.sasl_text);
    if (!sasl.value("tecs_socket")) {
      in_sasl({Severity::broken, "no-tecs-socket", files_.sasl + " has no tecs_socket.",
               "The plugin does not know where tecs-milter is."},
              "tecs_socket: unix:/run/tecs/sasl");
    }
    const auto list = sasl.value("mech_list");
    auto words = postfix_list(list.value_or(""));
    if (!list || std::any_of(words.begin(), words.end(), is_mechanism)) return;
    words.emplace_back(mechanism);
    in_sasl({Severity::broken, "mech-list", "mech_list in " + files_.sasl + " has no TECS-1.",
             "AUTH TECS-1 is not offered, and nobody can sign."},
            "mech_list: " + joined(words, " "), true);
  }

  [[nodiscard]] bool is_ours(const Filter& filter) const {
    if (milter_socket_)
      return parse_postfix_socket(filter.socket).path == parse_postfix_socket(*milter_socket_).path;
    return filter.socket.find("tecs") != std::string::npos || filter.name.find("tecs") != std::string::npos;
  }

  void check_filters() {
    const auto& filters = configuration_.filters();
    const auto ours =
        std::find_if(filters.begin(), filters.end(), [&](const Filter& each) { return is_ours(each); });
    std::vector<std::string> order = configuration_.input_filters();
    const auto place =
        ours == filters.end() ? order.end() : std::find(order.begin(), order.end(), ours->name);
    if (place == order.end()) {
      in_mc({Severity::advice, "no-milter", "tecs-milter is not among the mail filters.",
             "Verdicts are written, but mail gets no Authentication-Results and nothing is done about it."},
            filter_line);
      return;
    }
    const bool has_others = order.size() > 1;
    if (place != order.begin()) {
      std::rotate(order.begin(), place, place + 1);
      in_mc({Severity::broken, "milter-order", "Other filters of InputMailFilters come before tecs-milter.",
             "They see forged Authentication-Results that tecs-milter would have removed, and it would "
             "remove theirs."},
            m4_define("confINPUT_MAIL_FILTERS", joined(order, ", ")));
    }
    if (ours->flags.find('R') != std::string::npos) {
      in_mc({Severity::broken, "filter-flags", "The filter of tecs-milter has F=R" + at(ours->line) + ".",
             "Mail bounces whenever tecs-milter is restarted."},
            "INPUT_MAIL_FILTER(`" + ours->name + "', `S=" + ours->socket + ", F=T')dnl", true);
    }
    if (has_others) check_macros();
    check_connect_macros();
  }

  void check_macros() {
    constexpr std::array<std::pair<const char*, const char*>, 7> steps{
        {{"Milter.macros.connect", "confMILTER_MACROS_CONNECT"},
         {"Milter.macros.helo", "confMILTER_MACROS_HELO"},
         {"Milter.macros.envfrom", "confMILTER_MACROS_ENVFROM"},
         {"Milter.macros.envrcpt", "confMILTER_MACROS_ENVRCPT"},
         {"Milter.macros.data", "confMILTER_MACROS_DATA"},
         {"Milter.macros.eoh", "confMILTER_MACROS_EOH"},
         {"Milter.macros.eom", "confMILTER_MACROS_EOM"}}};
    for (const auto& [option, macro] : steps) {
      const auto list = configuration_.option(option);
      if (!list) continue;
      auto words = postfix_list(list->text);
      if (std::erase_if(words, [](const std::string& word) { return word.starts_with("{auth_"); }) == 0)
        continue;
      in_mc({Severity::unsafe, "auth-macros",
             std::string(option) + " tells the other filters of the login" + at(list->line) + ".",
             "They take a stranger who signed for one of your users: OpenDKIM signs their mail, rspamd "
             "trusts it."},
            m4_define(macro, joined(words, ", ")));
    }
  }

  // tecs-milter asks for them by itself, which Sendmail heeds since 8.14.
  void check_connect_macros() {
    if (configuration_.release() >= std::pair(8U, 14U)) return;
    const auto list = configuration_.option("Milter.macros.connect");
    if (!list) return;
    auto words = postfix_list(list->text);
    const std::size_t before = words.size();
    for (const char* needed : {"{daemon_addr}", "{daemon_port}", "{if_addr}"}) {
      if (std::find(words.begin(), words.end(), needed) == words.end()) words.emplace_back(needed);
    }
    if (words.size() == before) return;
    in_mc({Severity::advice, "connect-macros",
           "Milter.macros.connect does not name {daemon_addr}, {daemon_port} and {if_addr}" + at(list->line) +
               ".",
           "A Sendmail before 8.14 then does not tell tecs-milter the server's end of the connection."},
          m4_define("confMILTER_MACROS_CONNECT", joined(words, ", ")));
  }

  const SendmailFiles& files_;
  const SendmailConfiguration configuration_;
  const std::optional<std::string>& milter_socket_;
  std::vector<Finding> findings_;
};

}  // namespace

std::vector<Finding> find_sendmail_faults(const SendmailFiles& files,
                                          const std::optional<std::string>& milter_socket) {
  return SendmailCheck(files, milter_socket).run();
}

}  // namespace tecs
