// Who listens on this host, as the kernel's own tables tell (proc(5), /proc/net/tcp and tcp6).
#pragma once

#include <string>
#include <vector>

#include "tools/signer_surroundings.hpp"

namespace tecs {

// text: of either table. Lines that are not understood are passed over.
[[nodiscard]] std::vector<SignerSurroundings::OpenPort> parse_listening_ports(const std::string& text);

}  // namespace tecs
