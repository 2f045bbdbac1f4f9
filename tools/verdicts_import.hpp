// tecs verdicts import: verdicts from JSON lines of other receivers.
#pragma once

#include "tools/subcommand.hpp"

namespace tecs {

[[nodiscard]] ExitCode run_verdicts_import(Arguments arguments, const Environment& environment);

}  // namespace tecs
