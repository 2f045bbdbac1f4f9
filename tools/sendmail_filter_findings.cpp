// tecs-milter among Sendmail's mail filters, and what the others are told.
#include <algorithm>
#include <array>

#include "tools/postfix_words.hpp"
#include "tools/sendmail_rules.hpp"

namespace tecs {
namespace {

using Filter = SendmailConfiguration::Filter;
using Value = SendmailConfiguration::Value;

constexpr const char* filter_line =
    "INPUT_MAIL_FILTER(`tecs', `S=unix:/run/tecs/milter, T=C:5s;S:10s;R:30s;E:1m')dnl";

bool is_ours(const Filter& filter, const std::optional<std::string>& milter_socket) {
  if (milter_socket)
    return parse_postfix_socket(filter.socket).path == parse_postfix_socket(*milter_socket).path;
  return filter.socket.find("tecs") != std::string::npos || filter.name.find("tecs") != std::string::npos;
}

void check_macros(SendmailFindings& findings) {
  constexpr std::array<std::pair<const char*, const char*>, 7> steps{
      {{"Milter.macros.connect", "confMILTER_MACROS_CONNECT"},
       {"Milter.macros.helo", "confMILTER_MACROS_HELO"},
       {"Milter.macros.envfrom", "confMILTER_MACROS_ENVFROM"},
       {"Milter.macros.envrcpt", "confMILTER_MACROS_ENVRCPT"},
       {"Milter.macros.data", "confMILTER_MACROS_DATA"},
       {"Milter.macros.eoh", "confMILTER_MACROS_EOH"},
       {"Milter.macros.eom", "confMILTER_MACROS_EOM"}}};
  for (const auto& [option, macro] : steps) {
    const auto list = findings.configuration().option(option);
    if (!list) continue;
    auto words = postfix_list(list->text);
    if (std::erase_if(words, [](const std::string& word) { return word.starts_with("{auth_"); }) == 0)
      continue;
    findings.in_mc(
        {Severity::unsafe, "auth-macros",
         std::string(option) + " tells the other filters of the login" + findings.at(list->line) + ".",
         "They take a stranger who signed for one of your users: OpenDKIM signs their mail, rspamd "
         "trusts it."},
        m4_define(macro, joined(words, ", ")));
  }
}

// tecs-milter asks for them by itself, which Sendmail heeds since 8.14.
void check_connect_macros(SendmailFindings& findings) {
  if (findings.configuration().release() >= std::pair(8U, 14U)) return;
  const auto list = findings.configuration().option("Milter.macros.connect");
  if (!list) return;
  auto words = postfix_list(list->text);
  const std::size_t before = words.size();
  for (const char* needed : {"{daemon_addr}", "{daemon_port}", "{if_addr}"}) {
    if (std::find(words.begin(), words.end(), needed) == words.end()) words.emplace_back(needed);
  }
  if (words.size() == before) return;
  findings.in_mc(
      {Severity::advice, "connect-macros",
       "Milter.macros.connect does not name {daemon_addr}, {daemon_port} and {if_addr}" +
           findings.at(list->line) + ".",
       "A Sendmail before 8.14 then does not tell tecs-milter the server's end of the connection."},
      m4_define("confMILTER_MACROS_CONNECT", joined(words, ", ")));
}

Fault not_asked(const std::string& problem) {
  return {Severity::advice, "no-milter", problem,
          "Verdicts are written, but mail gets no Authentication-Results and nothing is done about it."};
}

Fault asked_late(const std::string& problem) {
  return {Severity::broken, "milter-order", problem,
          "They see forged Authentication-Results that tecs-milter would have removed, and it would remove "
          "theirs."};
}

// A port with filters of its own does not ask those of InputMailFilters. Returns whether it asks ours.
bool check_port(const Value& port, const std::string& ours, SendmailFindings& findings) {
  std::vector<std::string> order = port_filters(port.text);
  const auto place = std::find(order.begin(), order.end(), ours);
  const bool is_asked = place != order.end();
  if (is_asked && place == order.begin()) return true;
  if (is_asked) {
    std::rotate(order.begin(), place, place + 1);
  } else {
    order.insert(order.begin(), ours);
  }
  const std::string where = findings.at(port.line) + ".";
  findings.in_mc(is_asked ? asked_late("Other filters of a port come before tecs-milter" + where)
                          : not_asked("A port has InputMailFilters of its own, without tecs-milter" + where),
                 "DAEMON_OPTIONS(`" + with_port_option(port.text, 'I', joined(order, ";")) + "')dnl", true);
  return is_asked;
}

// The same for all other ports.
bool check_common_filters(const std::string& ours, SendmailFindings& findings) {
  std::vector<std::string> order = findings.configuration().input_filters();
  const auto place = std::find(order.begin(), order.end(), ours);
  if (place == order.end()) {
    findings.in_mc(not_asked("tecs-milter is not among the mail filters."), filter_line);
    return false;
  }
  if (place == order.begin()) return true;
  std::rotate(order.begin(), place, place + 1);
  findings.in_mc(asked_late("Other filters of InputMailFilters come before tecs-milter."),
                 m4_define("confINPUT_MAIL_FILTERS", joined(order, ", ")));
  return true;
}

bool check_order(const std::string& ours, SendmailFindings& findings) {
  const auto ports = findings.configuration().options("DaemonPortOptions");
  bool is_asked = false;
  bool common_are_asked = ports.empty();
  for (const Value& port : ports) {
    if (port_filters(port.text).empty()) {
      common_are_asked = true;
    } else if (check_port(port, ours, findings)) {
      is_asked = true;
    }
  }
  return (common_are_asked && check_common_filters(ours, findings)) || is_asked;
}

}  // namespace

void find_sendmail_filter_faults(const std::optional<std::string>& milter_socket, const SocketView& sockets,
                                 SendmailFindings& findings) {
  const auto& filters = findings.configuration().filters();
  const auto ours = std::find_if(filters.begin(), filters.end(),
                                 [&](const Filter& each) { return is_ours(each, milter_socket); });
  // A signature is a login for them whether tecs-milter is a filter or the SASL server only.
  if (filters.size() > (ours == filters.end() ? 0U : 1U)) check_macros(findings);
  if (ours == filters.end()) {
    findings.in_mc(not_asked("tecs-milter is not among the mail filters."), filter_line);
    return;
  }
  if (!check_order(ours->name, findings)) return;
  check_sendmail_socket(
      {"milter-socket", "milter-socket", "Without the milter mail flows without verdicts in it."},
      ours->socket, sockets, findings);
  if (ours->flags.find('R') != std::string::npos) {
    findings.in_mc({Severity::broken, "filter-flags",
                    "The filter of tecs-milter has F=R" + findings.at(ours->line) + ".",
                    "Mail bounces whenever tecs-milter is restarted."},
                   "INPUT_MAIL_FILTER(`" + ours->name + "', `S=" + ours->socket + ", F=T')dnl", true);
  }
  check_connect_macros(findings);
}

}  // namespace tecs
