// tecs verdicts prune: deletes what is old.
#pragma once

#include "tools/subcommand.hpp"

namespace tecs {

[[nodiscard]] ExitCode run_verdicts_prune(Arguments arguments, const Environment& environment);

}  // namespace tecs
