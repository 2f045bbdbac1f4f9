// tecs verdicts list: what receivers decided about their connections, newest first.
#pragma once

#include "tools/subcommand.hpp"

namespace tecs {

[[nodiscard]] ExitCode run_verdicts_list(Arguments arguments, const Environment& environment);

}  // namespace tecs
