// tecs keygen: makes a private key, and the DNS record to publish.
#pragma once

#include "tools/subcommand.hpp"

namespace tecs {

[[nodiscard]] ExitCode run_keygen(Arguments arguments, const Environment& environment);

}  // namespace tecs
