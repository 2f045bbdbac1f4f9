// Whether AUTH TECS-1 is offered, and to whom.
#include <strings.h>

#include <algorithm>

#include "tools/cyrus_configuration.hpp"
#include "tools/postfix_rules.hpp"

namespace tecs {
namespace {

bool has_word(const std::string& list, std::string_view word) {
  const auto words = postfix_list(list);
  return std::any_of(words.begin(), words.end(), [&](const std::string& each) {
    return each.size() == word.size() && strncasecmp(each.data(), word.data(), word.size()) == 0;
  });
}

// Only literal names are looked at: what a table says is not known, and counts as a match.
bool filter_lets_pass(const std::string& filter) {
  const auto patterns = postfix_list(filter);
  if (patterns.empty()) return true;
  for (const std::string& pattern : patterns) {
    const bool negated = pattern.starts_with('!');
    const std::string name = pattern.substr(negated ? 1 : 0);
    const bool is_table = name.find_first_of(":/") != std::string::npos;
    if (strcasecmp(name.c_str(), "TECS-1") == 0 || (is_table && !negated)) return !negated;
  }
  return false;
}

void check_security_options(PostfixServiceFindings& findings) {
  for (const char* parameter : {"smtpd_sasl_security_options", "smtpd_sasl_tls_security_options"}) {
    for (const std::string option : {"forward_secrecy", "mutual_auth", "noactive"}) {
      if (!has_word(findings.value(parameter), option)) continue;
      // Only the Cyrus library takes TECS-1 for open to active attacks; the Dovecot door says nothing of
      // them.
      if (option == "noactive" && findings.value("smtpd_sasl_type") != "cyrus") continue;
      findings.for_service(
          {Severity::broken, "security-options", std::string(parameter) + " has " + option + ".",
           "TECS-1 is hidden by it, and an smtpd that is left without a mechanism ends: the "
           "port serves nobody."},
          parameter, "noanonymous");
    }
  }
}

void check_offer(PostfixServiceFindings& findings) {
  check_security_options(findings);
  if (!filter_lets_pass(findings.value("smtpd_sasl_mechanism_filter"))) {
    findings.for_service(
        {Severity::broken, "mechanism-filter", "smtpd_sasl_mechanism_filter leaves TECS-1 out.",
         "An smtpd that is left without a mechanism ends: the port serves nobody."},
        "smtpd_sasl_mechanism_filter", "!external,static:rest");
  }
  if (has_word(findings.value("smtpd_discard_ehlo_keywords"), "auth")) {
    findings.for_service({Severity::broken, "ehlo-keywords", "smtpd_discard_ehlo_keywords hides AUTH.",
                          "Nobody sees that connections can be signed here."},
                         "smtpd_discard_ehlo_keywords", "");
  }
  const std::string& exceptions = findings.value("smtpd_sasl_exceptions_networks");
  if (!exceptions.empty()) {
    const bool all = has_word(exceptions, "static:all") || has_word(exceptions, "0.0.0.0/0");
    findings.for_service({all ? Severity::broken : Severity::advice, "exceptions-networks",
                          "smtpd_sasl_exceptions_networks is " + exceptions + ".",
                          "Peers in these networks are not offered AUTH and cannot sign."},
                         "smtpd_sasl_exceptions_networks", "");
  }
  const std::string& level = findings.value("smtpd_tls_security_level");
  if (is_yes(findings.value("smtpd_tls_auth_only")) && level != "encrypt") {
    findings.for_service({Severity::advice, "tls-auth-only", "smtpd_tls_auth_only = yes.",
                          "Peers that do not start TLS are not offered AUTH and cannot sign; TECS-1 has no "
                          "password to protect."},
                         "smtpd_tls_auth_only", "no");
  }
}

// Without its socket the plugin reaches no tecs-milter, and mech_list may leave TECS-1 out.
void check_cyrus(PostfixServiceFindings& findings) {
  const SmtpdService& service = findings.service();
  if (service.value("smtpd_sasl_path").find('/') != std::string::npos) {
    findings.for_service(
        {Severity::broken, "sasl-type", "smtpd_sasl_path is a socket, but smtpd_sasl_type is cyrus.",
         "Postfix does not ask tecs-milter, and nobody can sign."},
        "smtpd_sasl_type", "dovecot");
    return;
  }
  if (!service.sasl_text) {
    findings.elsewhere(
        {Severity::broken, "no-sasl-file", "There is no " + service.sasl_file + ".",
         "The Cyrus plugin then offers nothing, and an smtpd that is left without a mechanism ends: the "
         "port serves nobody."},
        service.sasl_file, "tecs_socket: unix:/run/tecs/sasl");
    return;
  }
  const CyrusConfiguration configuration(*service.sasl_text);
  if (!configuration.value("tecs_socket")) {
    findings.elsewhere(
        {Severity::broken, "no-tecs-socket", service.sasl_file + " has no tecs_socket.",
         "The Cyrus plugin then offers nothing, and an smtpd that is left without a mechanism ends: the "
         "port serves nobody."},
        service.sasl_file, "tecs_socket: unix:/run/tecs/sasl");
  }
  const auto mechanisms = configuration.value("mech_list");
  if (mechanisms && !has_word(*mechanisms, "TECS-1")) {
    findings.elsewhere(
        {Severity::broken, "mech-list", "mech_list in " + service.sasl_file + " has no TECS-1.",
         "AUTH TECS-1 is not offered."},
        service.sasl_file, "mech_list: TECS-1", true);
  } else if (!mechanisms) {
    findings.elsewhere({Severity::advice, "mech-list", service.sasl_file + " has no mech_list.",
                        "Every mechanism whose plugin is installed is offered to the world."},
                       service.sasl_file, "mech_list: TECS-1");
  }
}

}  // namespace

bool TecsDoors::is_sasl_door(const SmtpdService& service) const {
  if (service.value("smtpd_sasl_type") == "cyrus") {
    if (!service.sasl_text) return false;
    const CyrusConfiguration configuration(*service.sasl_text);
    // Without tecs_socket the plugin offers nothing, whatever mech_list says.
    return configuration.value("tecs_socket") &&
           has_word(configuration.value("mech_list").value_or("TECS-1"), "TECS-1");
  }
  const std::string& path = service.value("smtpd_sasl_path");
  if (sasl_socket)
    return parse_postfix_socket(path).path == parse_postfix_socket(*sasl_socket).path && !path.empty();
  return path.find("tecs") != std::string::npos;
}

void find_sasl_faults(PostfixServiceFindings& findings) {
  if (!is_yes(findings.value("smtpd_sasl_auth_enable"))) {
    findings.for_service({Severity::broken, "sasl-off", "smtpd_sasl_auth_enable is not yes.",
                          "AUTH is not offered, and nobody can sign."},
                         "smtpd_sasl_auth_enable", "yes");
    return;
  }
  check_offer(findings);
  if (findings.value("smtpd_sasl_type") == "cyrus") check_cyrus(findings);
  if (is_yes(findings.value("smtpd_sasl_authenticated_header"))) {
    findings.for_service({Severity::advice, "authenticated-header", "smtpd_sasl_authenticated_header = yes.",
                          "Received fields will call a stranger who signed an authenticated sender."},
                         "smtpd_sasl_authenticated_header", "no");
  }
}

}  // namespace tecs
