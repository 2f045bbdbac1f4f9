// tecs verify: checks a credential. Exit: 0 pass, 1 fail, policy or permerror, 75 temperror.
#pragma once

#include "tools/subcommand.hpp"

namespace tecs {

[[nodiscard]] ExitCode run_verify(Arguments arguments, const Environment& environment);

}  // namespace tecs
