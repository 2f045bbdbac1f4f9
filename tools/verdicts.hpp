// tecs verdicts: what receivers decided about their connections, a table of subcommands.
#pragma once

#include "tools/subcommand.hpp"

namespace tecs {

[[nodiscard]] ExitCode run_verdicts(Arguments arguments, const Environment& environment);

}  // namespace tecs
