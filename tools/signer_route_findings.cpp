// The way of mail from the MTA of this host to the signer.
#include <algorithm>
#include <charconv>
#include <map>
#include <sstream>

#include "tools/postfix_service_findings.hpp"
#include "tools/postfix_words.hpp"
#include "tools/signer_surroundings.hpp"

namespace tecs {
namespace {

// "[127.0.0.1]:10025"
bool leads_to(const std::string& next_hop, const SignerConfiguration& configuration) {
  std::string text = next_hop;
  std::erase_if(text, [](char letter) { return letter == '[' || letter == ']'; });
  if (text.starts_with("ipv6:")) text.erase(0, 5);
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos) return false;
  const std::string host = text.substr(0, colon) == "localhost" ? "127.0.0.1" : text.substr(0, colon);
  const auto address = IpAddress::parse(host);
  return address &&
         std::any_of(configuration.listeners.begin(), configuration.listeners.end(), [&](const auto& each) {
           return std::to_string(each.port) == text.substr(colon + 1) && each.takes(*address, each.port);
         });
}

void check_postfix_route(const SignerSurroundings& around, PostfixServiceFindings& findings) {
  const bool by_table = !findings.value("transport_maps").empty() ||
                        !findings.value("sender_dependent_relayhost_maps").empty() ||
                        !findings.value("sender_dependent_default_transport_maps").empty();
  if (leads_to(findings.value("relayhost"), around.configuration)) return;
  const std::string listener = around.configuration.listeners.front().text;
  const std::size_t colon = listener.rfind(':');
  const std::string host =
      listener.starts_with('[') ? listener.substr(0, colon) : "[" + listener.substr(0, colon) + "]";
  findings.for_all(
      {by_table ? Severity::advice : Severity::broken, "mta-route",
       "relayhost does not lead to the signer, which has a fixed next hop.",
       by_table ? "Only mail that a table sends there is signed." : "No mail comes to the signer."},
      "relayhost", host + listener.substr(colon));
}

// The port of a next hop such as "[relay.example.net]:587"; empty when it is not known.
std::optional<std::uint16_t> port_of(const std::string& next_hop) {
  const std::size_t bracket = next_hop.rfind(']');
  const std::size_t colon = next_hop.find(':', bracket == std::string::npos ? 0 : bracket);
  if (colon == std::string::npos) return 25;
  const std::string text = next_hop.substr(colon + 1);
  if (text == "smtp" || text.empty()) return 25;
  if (text == "submission") return 587;
  if (text == "submissions" || text == "smtps") return 465;
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return port;
}

bool may_be_redirected(const SignerSurroundings& around, std::uint16_t port) {
  const auto families = {AddressFamily::ipv4, AddressFamily::ipv6};
  return around.rules && std::any_of(families.begin(), families.end(), [&](AddressFamily family) {
           MailPacket packet = packet_of_mta(around, family);
           packet.port = port;
           return around.rules->path(packet).kind != NatOutcome::Kind::untouched;
         });
}

// postconf(5): relayhost may name several; default_transport is "transport:nexthop", whose second half is
// often left out.
void check_postfix_port(const SignerSurroundings& around, PostfixServiceFindings& findings) {
  for (const char* parameter : {"relayhost", "default_transport"}) {
    std::string before;
    std::string value = findings.value(parameter);
    if (parameter == std::string_view("default_transport")) {
      const std::size_t colon = value.find(':');
      if (colon == std::string::npos) continue;
      before = value.substr(0, colon + 1);
      value.erase(0, colon + 1);
    }
    std::replace(value.begin(), value.end(), ',', ' ');
    std::istringstream hops(value);
    for (std::string hop; hops >> hop;) {
      const auto port = port_of(hop);
      if (!port || *port == 25 || may_be_redirected(around, *port)) continue;
      const std::string host = hop.substr(0, hop.rfind(':'));
      findings.for_all(
          {Severity::broken, "mta-route",
           std::string(parameter) + " leads to " + hop + ", and no rule redirects that port to the signer.",
           "No mail that goes there is signed. If that server has no port 25, say upstream = " + hop +
               " to the signer, and lead Postfix to where it listens."},
          parameter, before + host + ":25");
      break;
    }
  }
}

bool listens_at(const SignerSurroundings& around, const std::string& port) {
  const auto& listeners = around.configuration.listeners;
  return std::any_of(listeners.begin(), listeners.end(),
                     [&](const auto& each) { return std::to_string(each.port) == port; });
}

// "DSrelay:[127.0.0.1]" is the smart host, and "A=TCP $h 10025" the port of a mailer.
void check_sendmail_route(const SignerSurroundings& around, std::vector<Finding>& found) {
  std::string smart_host;
  std::string port = "25";
  bool by_table = false;
  std::istringstream lines(*around.sendmail_cf);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("DS")) smart_host = line.substr(2);
    by_table = by_table || line.starts_with("Kmailertable");
    constexpr std::string_view words = "A=TCP $h ";
    const std::size_t at = line.find(words);
    if (at != std::string::npos && listens_at(around, line.substr(at + words.size())))
      port = line.substr(at + words.size());
  }
  // The mailer before the host is left out of it.
  const std::size_t colon = smart_host.find(':');
  const std::size_t bracket = smart_host.find('[');
  if (colon != std::string::npos && (bracket == std::string::npos || colon < bracket))
    smart_host.erase(0, colon + 1);
  if (leads_to(smart_host + ":" + port, around.configuration)) return;
  const bool nowhere = smart_host.empty() && !by_table;
  found.push_back(
      {nowhere ? Severity::broken : Severity::advice, nowhere ? "mta-route" : "route-unseen", "sendmail",
       nowhere ? "Sendmail has no smart host, and the signer has a fixed next hop."
               : "That Sendmail hands its mail to the signer is not to be seen: smart host and port of its "
                 "mailer do not lead there.",
       nowhere ? "No mail comes to the signer."
               : "Send a mail, and look for its line in the log of the signer.",
       "/etc/mail/sendmail.mc", 0, false, "define(`SMART_HOST', `relay:[127.0.0.1]')dnl"});
}

// A section of what "exim -bP" prints begins with "NAME KIND:", and has a line "option = value" for each.
std::vector<std::map<std::string, std::string>> sections_of(const std::string& text,
                                                            const std::string& kind) {
  std::vector<std::map<std::string, std::string>> sections;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.ends_with(" " + kind + ":")) {
      sections.push_back({{"name", line.substr(0, line.size() - kind.size() - 2)}});
      continue;
    }
    const NameAndValue setting = parse_name_and_value(line);
    if (!sections.empty()) sections.back().emplace(setting.name, setting.value);
  }
  return sections;
}

void check_exim_route(const SignerSurroundings& around, std::vector<Finding>& found) {
  const auto routers = sections_of(around.exim_routers, "router");
  for (auto& transport : sections_of(around.exim_transports, "transport")) {
    if (transport["driver"] != "smtp" || !listens_at(around, transport["port"])) continue;
    for (auto router : routers) {
      if (router["transport"] == transport["name"]) return;
    }
  }
  found.push_back({Severity::advice, "route-unseen", "exim",
                   "That Exim hands its mail to the signer is not to be seen: no router has a transport with "
                   "the signer's port.",
                   "Send a mail, and look for its line in the log of the signer.",
                   "/etc/exim4/exim4.conf.template", 0, false,
                   "port = " + std::to_string(around.configuration.listeners.front().port)});
}

}  // namespace

void find_route_faults(const SignerSurroundings& around, std::vector<Finding>& found) {
  if (!around.configuration.original_destination()) {
    if (around.sendmail_cf) check_sendmail_route(around, found);
    if (around.mta == Mta::exim) check_exim_route(around, found);
  }
  if (!around.postfix || around.postfix->services.empty()) return;
  PostfixServiceFindings findings(*around.postfix, around.postfix->services.front(), found);
  if (around.configuration.original_destination()) {
    check_postfix_port(around, findings);
  } else {
    check_postfix_route(around, findings);
  }
}

}  // namespace tecs
