// tecs lookup: shows what stands in DNS for a domain, and what is wrong with it. Exit: 0 there is a key to
// verify with, 1 there is none, 75 DNS gave no answer.
#pragma once

#include "tools/subcommand.hpp"

namespace tecs {

[[nodiscard]] ExitCode run_lookup(Arguments arguments, const Environment& environment);

}  // namespace tecs
