// How long DNS, verifications and connections took.
#pragma once

#include <string>

#include "tools/report_content.hpp"

namespace tecs {

[[nodiscard]] std::string latency_section(const ReportContent& content);

}  // namespace tecs
