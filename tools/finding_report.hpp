// Findings for eyes and for programs.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "program/exit_code.hpp"
#include "tools/finding.hpp"

namespace tecs {

enum class ReportForm { text, json };

// What the last line of the text says: of the worst that was found.
struct FindingConclusions {
  const char* unsafe = "Do not let strangers reach this server before that is changed.";
  const char* broken = "Nobody can relay with a signature, but not all works.";
  const char* good = "Good: signatures work, and permit nobody to relay.";
};

// Worst first; what is equally bad stays in its order. The text ends with a line that sums up, the JSON
// object is one line. checked: what was looked at, such as a folder. Returns failed when something is unsafe
// or broken, else ok.
[[nodiscard]] ExitCode report_findings(std::vector<Finding> findings, const std::string& checked,
                                       ReportForm form, std::ostream& out,
                                       const FindingConclusions& conclusions = {});

}  // namespace tecs
