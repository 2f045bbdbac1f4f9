// tecs explain: says why a receiver decided as it did about one connection.
#pragma once

#include "tools/subcommand.hpp"

namespace tecs {

[[nodiscard]] ExitCode run_explain(Arguments arguments, const Environment& environment);

}  // namespace tecs
