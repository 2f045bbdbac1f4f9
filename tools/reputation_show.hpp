// tecs reputation show: what a domain is worth, and why.
#pragma once

#include "tools/subcommand.hpp"

namespace tecs {

[[nodiscard]] ExitCode run_reputation_show(Arguments arguments, const Environment& environment);

}  // namespace tecs
