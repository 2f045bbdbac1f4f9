// tecs reputation unset: takes back what was decided by hand.
#pragma once

#include "tools/subcommand.hpp"

namespace tecs {

[[nodiscard]] ExitCode run_reputation_unset(Arguments arguments, const Environment& environment);

}  // namespace tecs
