// Why signed connections did not pass.
#pragma once

#include <string>

#include "tools/report_content.hpp"

namespace tecs {

[[nodiscard]] std::string reasons_section(const ReportContent& content);

}  // namespace tecs
