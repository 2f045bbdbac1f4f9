// Where the signer listens.
#include <algorithm>

#include "tools/signer_surroundings.hpp"

namespace tecs {
namespace {

using Listener = SignerConfiguration::Listener;

constexpr const char* signer_program = "tecs-signer";

// Of all sockets that take what comes to the listener; none: nobody listens.
std::optional<std::vector<std::string>> programs_at(const Listener& listener,
                                                    const std::vector<SignerSurroundings::OpenPort>& ports) {
  std::optional<std::vector<std::string>> programs;
  for (const auto& each : ports) {
    if (each.port != listener.port || (each.address != listener.address && !each.address.unspecified()))
      continue;
    if (!programs) programs.emplace();
    programs->insert(programs->end(), each.programs.begin(), each.programs.end());
  }
  return programs;
}

void check_programs(const Listener& listener, const std::vector<SignerSurroundings::OpenPort>& ports,
                    std::vector<Finding>& found) {
  const auto programs = programs_at(listener, ports);
  if (!programs) {
    found.push_back({Severity::broken, "not-running", "listen",
                     "Nobody listens on " + listener.text + " now.",
                     "Mail that is redirected there waits in the queue of the MTA.", "", 0, false,
                     "systemctl start tecs-signer"});
  } else if (programs->empty()) {
    found.push_back({Severity::advice, "listener-unseen", "listen",
                     "Which program listens on " + listener.text + " is not to be seen.",
                     "Whether it is the signer was not looked at; do this as root.", "", 0, false,
                     "sudo tecs check signer"});
  } else if (std::find(programs->begin(), programs->end(), signer_program) == programs->end()) {
    found.push_back({Severity::broken, "listener-of-another", "listen",
                     "Not tecs-signer, but " + programs->front() + " listens on " + listener.text + ".",
                     "Mail that is redirected there does not come to the signer.", "", 0, false,
                     "ss -ltnp sport = :" + std::to_string(listener.port)});
  }
}

}  // namespace

void find_listener_faults(const SignerSurroundings& around, std::vector<Finding>& found) {
  const SignerConfiguration& configuration = around.configuration;
  for (const Listener& listener : configuration.listeners) {
    if (!configuration.original_destination() && !listener.address.loopback()) {
      found.push_back(
          {Severity::unsafe, "open-listener", "listen",
           "The signer listens on " + listener.text + ", for others than this host.",
           "Whoever can connect there sends mail in your name, to " + configuration.upstream + ".",
           configuration.file, listener.line, true, "listen = 127.0.0.1:" + std::to_string(listener.port)});
    }
    if (around.open_ports) check_programs(listener, *around.open_ports, found);
  }
  if (!around.account) {
    found.push_back({Severity::broken, "no-user", "user",
                     "There is no user " + around.user + " on this machine.",
                     "The signer cannot run as this user, and no rule can spare their connections.", "", 0,
                     false, "systemd-sysusers"});
  } else if (around.account->user == 0) {
    found.push_back(
        {Severity::advice, "user-root", "user", "The signer runs as root.",
         "It talks to strangers and needs no rights; a user of its own is also what the rule spares.",
         configuration.file, 0, false, "user = tecs"});
  }
}

}  // namespace tecs
