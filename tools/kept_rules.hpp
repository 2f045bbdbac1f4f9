// What nftables.service loads into the firewall at the next start of this machine.
#pragma once

#include <string>

#include "tools/machine.hpp"

namespace tecs {

// Plain value.
struct KeptRules {
  // /etc/nftables.conf and what it includes, one level deep, without comments; only what stands below the
  // last "flush ruleset".
  std::string text;
  bool disabled = false;  // systemd says that it does not start the service
};

[[nodiscard]] KeptRules read_kept_rules(const Machine& machine);

}  // namespace tecs
