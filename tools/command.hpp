// The command `tecs`: a table of subcommands.
#pragma once

#include "program/exit_code.hpp"
#include "tools/environment.hpp"
#include "tools/subcommand.hpp"

namespace tecs {

// arguments: without argv[0]. What could not be written to environment.out is an io_error.
[[nodiscard]] ExitCode run_command(Arguments arguments, const Environment& environment);

}  // namespace tecs
