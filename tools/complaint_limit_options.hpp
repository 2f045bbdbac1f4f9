// Options of the subcommands that decide complaints: what is too much to be believed.
#pragma once

#include "tools/subcommand.hpp"
#include "verdicts/complaint_decision.hpp"

namespace tecs {

void add_complaint_limit_options(OptionTable& options);
[[nodiscard]] ComplaintLimits complaint_limits(const OptionValues& values);

}  // namespace tecs
