// tecs verdicts tail: the verdicts that arrived last, and those that arrive.
#pragma once

#include "tools/subcommand.hpp"

namespace tecs {

[[nodiscard]] ExitCode run_verdicts_tail(Arguments arguments, const Environment& environment);

}  // namespace tecs
