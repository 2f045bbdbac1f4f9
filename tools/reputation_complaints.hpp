// tecs reputation complaints: lists what became of complaints.
#pragma once

#include "tools/subcommand.hpp"

namespace tecs {

[[nodiscard]] ExitCode run_reputation_complaints(Arguments arguments, const Environment& environment);

}  // namespace tecs
