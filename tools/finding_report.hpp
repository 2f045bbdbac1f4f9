// Findings for eyes and for programs.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "program/exit_code.hpp"
#include "tools/finding.hpp"

namespace tecs {

enum class ReportForm { text, json };

// Worst first; what is equally bad stays in its order. The text ends with a line that sums up, the JSON
// object is one line. checked: what was looked at, such as a folder. Returns failed when something is unsafe
// or broken, else ok.
[[nodiscard]] ExitCode report_findings(std::vector<Finding> findings, const std::string& checked,
                                       ReportForm form, std::ostream& out);

}  // namespace tecs
