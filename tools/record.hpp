// tecs record: prints the DNS record of a private key.
#pragma once

#include "tools/subcommand.hpp"

namespace tecs {

[[nodiscard]] ExitCode run_record(Arguments arguments, const Environment& environment);

}  // namespace tecs
