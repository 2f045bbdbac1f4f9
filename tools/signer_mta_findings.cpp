// What the MTA of this host demands of the connections that the signer takes from it.
#include <algorithm>
#include <sstream>

#include "tools/postfix_service_findings.hpp"
#include "tools/postfix_words.hpp"
#include "tools/sendmail_configuration.hpp"
#include "tools/signer_surroundings.hpp"

namespace tecs {
namespace {

constexpr const char* deferred =
    "The signer does TLS itself and hides STARTTLS from the MTA, so this mail waits in the queue.";

bool is_one_of(const std::string& word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

void check_postfix_tls(PostfixServiceFindings& findings) {
  std::string level = findings.value("smtp_tls_security_level");
  if (level.empty() && is_yes(findings.value("smtp_enforce_tls"))) level = "encrypt";
  if (level.empty() && is_yes(findings.value("smtp_use_tls"))) level = "may";
  if (is_one_of(level, {"encrypt", "verify", "secure", "fingerprint", "dane-only"})) {
    findings.for_service({Severity::broken, "mta-tls",
                          "Postfix demands TLS: smtp_tls_security_level is " + level + ".", deferred},
                         "smtp_tls_security_level", "none");
  } else if (level == "dane" || level == "half-dane") {
    findings.for_service(
        {Severity::broken, "mta-tls",
         "Postfix demands TLS of servers with TLSA records: smtp_tls_security_level is " + level + ".",
         deferred},
        "smtp_tls_security_level", "none");
  } else if (level == "may") {
    findings.for_service(
        {Severity::advice, "mta-tls-may",
         "Postfix would encrypt, if the signer did not hide STARTTLS: smtp_tls_security_level is may.",
         "It works; \"none\" says what happens, and makes Postfix do no work for TLS."},
        "smtp_tls_security_level", "none");
  }
  for (const char* table : {"smtp_tls_policy_maps", "smtp_tls_per_site"}) {
    if (findings.value(table).empty()) continue;
    findings.for_service(
        {Severity::advice, "mta-tls-policy", std::string(table) + " may demand TLS of some servers.",
         std::string(deferred) + " Put these demands into destinations = of the signer."},
        table, "");
  }
}

void check_postfix(const SignerSurroundings& around, std::vector<Finding>& found) {
  const PostfixConfiguration& postfix = *around.postfix;
  for (const SmtpdService& service : postfix.services) {
    // The service "relay" is for mail to relay domains, and goes out as all the rest does.
    PostfixServiceFindings findings(postfix, service, found);
    check_postfix_tls(findings);
  }
}

// access(5) of Sendmail: "TLS_Srv:host  VERIFY:128", "TLS_Rcpt:user@host  ENCR:112".
void check_sendmail(const SignerSurroundings& around, std::vector<Finding>& found) {
  const SendmailConfiguration configuration(*around.sendmail_cf);
  const auto dane = configuration.option("DANE");
  if (dane && (dane->text == "true" || dane->text == "always" || dane->text == "t" || dane->text == "T")) {
    found.push_back({Severity::broken, "mta-tls", "sendmail",
                     "Sendmail demands TLS of servers with TLSA records: DANE.", deferred,
                     "/etc/mail/sendmail.mc", 0, false, "define(`confDANE', `false')dnl"});
  }
  std::istringstream lines(around.sendmail_access);
  unsigned number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (!line.starts_with("TLS_Srv:") && !line.starts_with("TLS_Rcpt:")) continue;
    if (line.find("VERIFY") == std::string::npos && line.find("ENCR") == std::string::npos) continue;
    found.push_back({Severity::broken, "mta-tls", "sendmail", "The access map demands TLS: " + line, deferred,
                     "/etc/mail/access", number, true, "Try_TLS:    NO"});
  }
}

// "remote_smtp transport:" and below it "hosts_require_tls = *", each option of it.
void check_exim(const SignerSurroundings& around, std::vector<Finding>& found) {
  std::istringstream lines(around.exim_transports);
  std::string transport;
  bool is_smtp = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.ends_with(" transport:")) {
      transport = line.substr(0, line.size() - 11);
      is_smtp = false;
    }
    const NameAndValue setting = parse_name_and_value(line);
    if (setting.name == "driver") is_smtp = setting.value == "smtp";
    if (!is_smtp || setting.value.empty()) continue;
    if (!is_one_of(setting.name, {"hosts_require_tls", "hosts_require_dane", "hosts_try_dane"})) continue;
    const bool demands = setting.name != "hosts_try_dane";
    found.push_back({demands ? Severity::broken : Severity::advice, demands ? "mta-tls" : "mta-dane",
                     "exim transport " + transport, setting.name + " is " + setting.value + ".",
                     demands
                         ? std::string(deferred)
                         : std::string("With a resolver that validates, servers with TLSA records are mailed "
                                       "with TLS only. ") +
                               deferred,
                     "/etc/exim4/exim4.conf.template", 0, false, setting.name + " ="});
  }
}

}  // namespace

void find_mta_faults(const SignerSurroundings& around, std::vector<Finding>& found) {
  if (around.postfix) check_postfix(around, found);
  if (around.sendmail_cf) check_sendmail(around, found);
  if (around.mta == Mta::exim) check_exim(around, found);
}

}  // namespace tecs
