// tecs verdicts: lists what a receiver decided about its connections.
#pragma once

#include "tools/subcommand.hpp"

namespace tecs {

[[nodiscard]] ExitCode run_verdicts(Arguments arguments, const Environment& environment);

}  // namespace tecs
