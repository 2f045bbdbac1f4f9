// tecs check: reads the configuration of a mail server and says what to change before strangers sign there.
#pragma once

#include "program/exit_code.hpp"
#include "tools/subcommand.hpp"

namespace tecs {

[[nodiscard]] ExitCode run_check(Arguments arguments, const Environment& environment);

}  // namespace tecs
