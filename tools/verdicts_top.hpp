// tecs verdicts top: the domains that connect most, and what they are worth.
#pragma once

#include "tools/subcommand.hpp"

namespace tecs {

[[nodiscard]] ExitCode run_verdicts_top(Arguments arguments, const Environment& environment);

}  // namespace tecs
