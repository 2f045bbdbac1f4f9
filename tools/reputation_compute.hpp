// tecs reputation compute: decides what all domains of a store are worth.
#pragma once

#include "tools/subcommand.hpp"

namespace tecs {

[[nodiscard]] ExitCode run_reputation_compute(Arguments arguments, const Environment& environment);

}  // namespace tecs
