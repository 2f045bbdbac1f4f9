// tecs verdicts summary: how many connections there were of each domain, result, hour, ...
#pragma once

#include "tools/subcommand.hpp"

namespace tecs {

[[nodiscard]] ExitCode run_verdicts_summary(Arguments arguments, const Environment& environment);

}  // namespace tecs
