// tecs verdicts show: all that is known of one connection.
#pragma once

#include "tools/subcommand.hpp"

namespace tecs {

[[nodiscard]] ExitCode run_verdicts_show(Arguments arguments, const Environment& environment);

}  // namespace tecs
