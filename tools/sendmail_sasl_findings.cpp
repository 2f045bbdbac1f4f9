// Cyrus SASL below Sendmail: its configuration, our plugin, and the socket that this connects to.
#include <strings.h>

#include <algorithm>

#include "tools/cyrus_configuration.hpp"
#include "tools/postfix_words.hpp"
#include "tools/sendmail_rules.hpp"

namespace tecs {
namespace {

constexpr const char* mechanism = "TECS-1";

bool is_mechanism(const std::string& word) {
  return strcasecmp(word.c_str(), mechanism) == 0;
}

void check_plugin(SendmailFindings& findings) {
  if (findings.files().has_plugin) return;
  findings.elsewhere(
      {Severity::broken, "no-plugin", "Cyrus SASL has no libsasltecs.so where it looks for it.",
       "AUTH TECS-1 is not offered, and nobody can sign. The plugin belongs into the folder of "
       "the others, such as /usr/lib/x86_64-linux-gnu/sasl2."},
      "", "cmake -S . -B build -DCMAKE_INSTALL_PREFIX=/usr && cmake --install build");
}

void check_sasl_file(const SocketView& sockets, SendmailFindings& findings) {
  if (!findings.files().sasl_text) {
    findings.in_sasl({Severity::broken, "no-sasl-file", "There is no " + findings.files().sasl + ".",
                      "The plugin does not know where tecs-milter is."},
                     "tecs_socket: unix:/run/tecs/sasl");
    return;
  }
  const CyrusConfiguration sasl(*findings.files().sasl_text);
  if (const auto socket = sasl.value("tecs_socket")) {
    check_sendmail_socket({"sasl-socket", "sasl-socket", "Without it every signature fails with 535."},
                          *socket, sockets, findings);
  } else {
    findings.in_sasl({Severity::broken, "no-tecs-socket", findings.files().sasl + " has no tecs_socket.",
                      "The plugin does not know where tecs-milter is."},
                     "tecs_socket: unix:/run/tecs/sasl");
  }
  const auto list = sasl.value("mech_list");
  auto words = postfix_list(list.value_or(""));
  if (!list || std::any_of(words.begin(), words.end(), is_mechanism)) return;
  words.emplace_back(mechanism);
  findings.in_sasl(
      {Severity::broken, "mech-list", "mech_list in " + findings.files().sasl + " has no TECS-1.",
       "AUTH TECS-1 is not offered, and nobody can sign."},
      "mech_list: " + joined(words, " "), true);
}

}  // namespace

void find_sendmail_sasl_faults(const SocketView& sockets, SendmailFindings& findings) {
  check_plugin(findings);
  check_sasl_file(sockets, findings);
}

}  // namespace tecs
