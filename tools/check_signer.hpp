// tecs check signer: looks at all around tecs-signer, from the firewall to the MTA and DNS.
#pragma once

#include "tools/subcommand.hpp"

namespace tecs {

void add_signer_check_options(OptionTable& table);  // without zone, resolver and json
[[nodiscard]] ExitCode run_check_signer(Arguments arguments, const Environment& environment);

}  // namespace tecs
