// tecs reputation list: the domains whose reputation is known.
#pragma once

#include "tools/subcommand.hpp"

namespace tecs {

[[nodiscard]] ExitCode run_reputation_list(Arguments arguments, const Environment& environment);

}  // namespace tecs
