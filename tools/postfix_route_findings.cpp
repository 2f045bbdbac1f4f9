// By which transports mail leaves: the milter's relay guard knows them by their names.
#include <algorithm>
#include <array>
#include <cstring>

#include "tools/postfix_rules.hpp"

namespace tecs {
namespace {

// Of a transport, such as relay:[192.0.2.1].
std::string_view name_of(std::string_view transport) {
  return transport.substr(0, transport.find(':'));
}

// The guard takes for the way outside what has "smtp" or "uucp" in its name, in any case. No mail leaves by
// the others that are named here.
bool is_seen_by_guard(std::string_view transport) {
  const std::string name(name_of(transport));
  constexpr std::array<std::string_view, 5> leading_nowhere{"error", "retry", "discard", "local", "virtual"};
  if (std::find(leading_nowhere.begin(), leading_nowhere.end(), name) != leading_nowhere.end()) return true;
  return strcasestr(name.c_str(), "smtp") != nullptr || strcasestr(name.c_str(), "uucp") != nullptr;
}

std::string by_smtp(std::string_view transport) {
  return "smtp" + std::string(transport.substr(name_of(transport).size()));
}

void report(const char* parameter, std::string_view transport, const std::string& value,
            PostfixServiceFindings& findings) {
  const bool relays = login_permits_relaying(findings.service());
  findings.for_all(
      {relays ? Severity::unsafe : Severity::advice, "unseen-by-relay-guard",
       std::string(parameter) + " has mail leave by the transport " + std::string(name_of(transport)) + ".",
       relays
           ? "A login may relay here, and the relay guard of tecs-milter knows only transports with \"smtp\" "
             "in their name: it stops nobody."
           : "The relay guard of tecs-milter knows only transports with \"smtp\" in their name, and would "
             "not stop a login that may relay by mistake."},
      parameter, value);
}

// The same for every domain, in place of a table.
void check_static_tables(const char* parameter, PostfixServiceFindings& findings) {
  constexpr std::string_view prefix = "static:";
  std::string changed;
  std::string unseen;
  for (const std::string& table : postfix_list(findings.value(parameter))) {
    std::string kept = table;
    if (table.starts_with(prefix)) {
      const std::string transport(without_braces(std::string_view(table).substr(prefix.size())));
      if (!name_of(transport).empty() && !is_seen_by_guard(transport)) {
        unseen = transport;
        kept = std::string(prefix) + by_smtp(transport);
      }
    }
    changed += (changed.empty() ? "" : " ") + kept;
  }
  if (!unseen.empty()) report(parameter, unseen, changed, findings);
}

}  // namespace

void find_route_faults(PostfixServiceFindings& findings) {
  const std::string& transport = findings.value("default_transport");
  if (!name_of(transport).empty() && !is_seen_by_guard(transport)) {
    report("default_transport", transport, by_smtp(transport), findings);
  }
  check_static_tables("sender_dependent_default_transport_maps", findings);
  check_static_tables("transport_maps", findings);
}

}  // namespace tecs
