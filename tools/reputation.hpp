// tecs reputation: what a reputation operator does, a table of subcommands.
#pragma once

#include "tools/subcommand.hpp"

namespace tecs {

[[nodiscard]] ExitCode run_reputation(Arguments arguments, const Environment& environment);

}  // namespace tecs
