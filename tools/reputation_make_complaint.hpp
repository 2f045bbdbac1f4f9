// tecs reputation make-complaint: writes a complaint about a mail, with the evidence of a verdict.
#pragma once

#include "tools/subcommand.hpp"

namespace tecs {

[[nodiscard]] ExitCode run_reputation_make_complaint(Arguments arguments, const Environment& environment);

}  // namespace tecs
