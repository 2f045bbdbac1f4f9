// tecs reputation work: decides the complaints that were queued.
#pragma once

#include "tools/subcommand.hpp"

namespace tecs {

[[nodiscard]] ExitCode run_reputation_work(Arguments arguments, const Environment& environment);

}  // namespace tecs
