// tecs verdicts export: verdicts as JSON lines, for another store.
#pragma once

#include "tools/subcommand.hpp"

namespace tecs {

[[nodiscard]] ExitCode run_verdicts_export(Arguments arguments, const Environment& environment);

}  // namespace tecs
