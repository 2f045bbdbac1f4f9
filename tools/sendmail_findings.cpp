#include "tools/sendmail_findings.hpp"

#include <strings.h>

#include <algorithm>

#include "tools/postfix_words.hpp"
#include "tools/sendmail_rules.hpp"
#include "tools/without_white_space.hpp"

namespace tecs {
namespace {

using Value = SendmailConfiguration::Value;

constexpr const char* mechanism = "TECS-1";

bool is_mechanism(const std::string& word) {
  return strcasecmp(word.c_str(), mechanism) == 0;
}

// The rules of sendmail.cf let whoever used a mechanism of this class relay.
void check_trust(SendmailFindings& findings) {
  if (const auto source = findings.configuration().class_source("TrustAuthMech")) {
    findings.in_mc({Severity::unsafe, "trust-auth-mech-unseen",
                    "The class TrustAuthMech has further words from " + source->text +
                        findings.at(source->line) + ", which were not looked at.",
                    "If TECS-1 is one of them, strangers may relay: anybody with a key in DNS can sign."},
                   "TRUST_AUTH_MECH(`LOGIN PLAIN')dnl", true);
  }
  const auto trusted = findings.configuration().class_words("TrustAuthMech");
  if (!trusted) return;
  auto words = postfix_list(trusted->text);
  if (std::erase_if(words, is_mechanism) == 0) return;
  findings.in_mc(
      {Severity::unsafe, "trust-auth-mech", "TRUST_AUTH_MECH names TECS-1" + findings.at(trusted->line) + ".",
       "Anybody with a key in DNS can sign: strangers may relay."},
      words.empty() ? "dnl without TRUST_AUTH_MECH" : "TRUST_AUTH_MECH(`" + joined(words, " ") + "')dnl",
      true);
}

void check_mechanisms(SendmailFindings& findings) {
  const auto mechanisms = findings.configuration().option("AuthMechanisms");
  const auto words = postfix_list(mechanisms ? mechanisms->text : "");
  if (std::none_of(words.begin(), words.end(), is_mechanism)) {
    findings.in_mc(
        {Severity::broken, "auth-mechanisms",
         mechanisms ? "AuthMechanisms has no TECS-1" + findings.at(mechanisms->line) + "."
                    : "AuthMechanisms is not set, and its default has no TECS-1.",
         "AUTH TECS-1 is not offered, and nobody can sign."},
        m4_define("confAUTH_MECHANISMS", joined(words, " ") + (words.empty() ? "" : " ") + mechanism));
  }
  // f and m want forward secrecy and mutual authentication, c credentials that are passed on, a that nobody
  // in the middle can use what passes.
  const auto options = findings.configuration().option("AuthOptions");
  if (!options || options->text.find_first_of("afmc") == std::string::npos) return;
  std::string rest;
  std::copy_if(options->text.begin(), options->text.end(), std::back_inserter(rest),
               [](char option) { return option != 'a' && option != 'f' && option != 'm' && option != 'c'; });
  findings.in_mc({Severity::broken, "auth-options",
                  "AuthOptions is " + options->text + findings.at(options->line) +
                      ", and a, c, f and m each hide TECS-1.",
                  "AUTH TECS-1 is not offered, and nobody can sign."},
                 m4_define("confAUTH_OPTIONS", std::string(without_white_space(rest))));
}

bool is_local(const std::string& address) {
  return address.starts_with("127.") || address == "::1" || address == "localhost";
}

// Other ports are for those who log in.
bool is_for_strangers(const Value& port) {
  const std::string name = port_option(port.text, 'P');
  return name.empty() || name == "smtp" || name == "25";
}

void check_ports(SendmailFindings& findings) {
  std::vector<Value> public_ports;
  for (const Value& port : findings.configuration().options("DaemonPortOptions")) {
    if (is_for_strangers(port)) public_ports.push_back(port);
    std::string modifiers = port_option(port.text, 'M');
    if (std::erase(modifiers, 'A') == 0) continue;
    findings.in_mc(
        {Severity::broken, "auth-disabled", "A port has the modifier A" + findings.at(port.line) + ".",
         "AUTH is not offered on that port, and nobody can sign there."},
        "DAEMON_OPTIONS(`" + with_port_option(port.text, 'M', modifiers) + "')dnl", true);
  }
  if (public_ports.empty() || !std::all_of(public_ports.begin(), public_ports.end(), [](const Value& port) {
        return is_local(port_option(port.text, 'A'));
      }))
    return;
  const Value& port = public_ports.front();
  findings.in_mc(
      {Severity::advice, "local-only",
       "Sendmail listens for mail on this machine's own addresses only" + findings.at(port.line) + ".",
       "No stranger reaches it, and none can sign."},
      "DAEMON_OPTIONS(`" + with_port_option(port.text, 'A', "") + "')dnl", true);
}

}  // namespace

std::vector<Finding> find_sendmail_faults(const SendmailFiles& files,
                                          const std::optional<std::string>& milter_socket,
                                          const SocketView& sockets) {
  SendmailFindings findings(files);
  check_trust(findings);
  check_mechanisms(findings);
  check_ports(findings);
  find_sendmail_sasl_faults(sockets, findings);
  find_sendmail_filter_faults(milter_socket, sockets, findings);
  return findings.take();
}

}  // namespace tecs
