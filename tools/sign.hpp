// tecs sign: prints the credential of one connection.
#pragma once

#include "tools/subcommand.hpp"

namespace tecs {

[[nodiscard]] ExitCode run_sign(Arguments arguments, const Environment& environment);

}  // namespace tecs
