// The domains of a report: the busiest, and those that are new.
#pragma once

#include <string>

#include "tools/report_content.hpp"

namespace tecs {

[[nodiscard]] std::string top_domains_section(const ReportContent& content);
[[nodiscard]] std::string new_domains_section(const ReportContent& content);

}  // namespace tecs
