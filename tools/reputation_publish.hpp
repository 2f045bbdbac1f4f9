// tecs reputation publish: writes a zone that tells receivers what domains are worth.
#pragma once

#include "tools/subcommand.hpp"

namespace tecs {

[[nodiscard]] ExitCode run_reputation_publish(Arguments arguments, const Environment& environment);

}  // namespace tecs
