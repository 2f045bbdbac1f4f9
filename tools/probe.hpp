// tecs probe: talks to a receiving server as tecs-signer would, explains each step, and sends no mail.
#pragma once

#include "tools/subcommand.hpp"

namespace tecs {

[[nodiscard]] ExitCode run_probe_command(Arguments arguments, const Environment& environment);

}  // namespace tecs
