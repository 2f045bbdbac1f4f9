// Results over time.
#pragma once

#include <string>

#include "tools/report_content.hpp"

namespace tecs {

[[nodiscard]] std::string timeline_section(const ReportContent& content);

}  // namespace tecs
