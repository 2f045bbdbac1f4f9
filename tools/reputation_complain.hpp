// tecs reputation complain: takes complaints, and decides or queues them.
#pragma once

#include "tools/subcommand.hpp"

namespace tecs {

[[nodiscard]] ExitCode run_reputation_complain(Arguments arguments, const Environment& environment);

}  // namespace tecs
