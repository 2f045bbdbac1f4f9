// tecs verdicts report: one page that says what came and what became of it.
#pragma once

#include "tools/subcommand.hpp"

namespace tecs {

[[nodiscard]] ExitCode run_verdicts_report(Arguments arguments, const Environment& environment);

}  // namespace tecs
