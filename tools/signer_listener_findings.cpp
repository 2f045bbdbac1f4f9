// Where the signer listens.
#include <algorithm>

#include "tools/signer_surroundings.hpp"

namespace tecs {
namespace {

using Listener = SignerConfiguration::Listener;

bool is_open(const Listener& listener, const std::vector<SignerSurroundings::OpenPort>& ports) {
  return std::any_of(ports.begin(), ports.end(), [&](const auto& each) {
    return each.port == listener.port && (each.address == listener.address || each.address.unspecified());
  });
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
    if (around.open_ports && !is_open(listener, *around.open_ports)) {
      found.push_back({Severity::broken, "not-running", "listen",
                       "Nobody listens on " + listener.text + " now.",
                       "Mail that is redirected there waits in the queue of the MTA.", "", 0, false,
                       "systemctl start tecs-signer"});
    }
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
