// tecs reputation set: decides about a domain by hand.
#pragma once

#include "tools/subcommand.hpp"

namespace tecs {

[[nodiscard]] ExitCode run_reputation_set(Arguments arguments, const Environment& environment);

}  // namespace tecs
