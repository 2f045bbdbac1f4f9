// Whose connections these are.
#pragma once

#include <string>

#include "tools/report_content.hpp"

namespace tecs {

[[nodiscard]] std::string receivers_section(const ReportContent& content);

}  // namespace tecs
