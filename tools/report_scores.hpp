// How scores are spread over connections.
#pragma once

#include <string>

#include "tools/report_content.hpp"

namespace tecs {

[[nodiscard]] std::string scores_section(const ReportContent& content);

}  // namespace tecs
