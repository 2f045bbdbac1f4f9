// The head of a report: what it is of, and the figures that most readers look for.
#pragma once

#include <string>

#include "tools/report_content.hpp"

namespace tecs {

[[nodiscard]] std::string report_header(const ReportContent& content);
[[nodiscard]] std::string key_figures(const ReportContent& content);

}  // namespace tecs
