// tecs reputation calibrate: what scores mean, by the complaints that followed.
#pragma once

#include "tools/subcommand.hpp"

namespace tecs {

[[nodiscard]] ExitCode run_reputation_calibrate(Arguments arguments, const Environment& environment);

}  // namespace tecs
