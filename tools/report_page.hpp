// The whole report: one HTML page that holds all it needs, no script, and fetches nothing.
#pragma once

#include <string>

#include "tools/report_content.hpp"

namespace tecs {

// The same content gives the same page, octet by octet.
[[nodiscard]] std::string report_page(const ReportContent& content);

}  // namespace tecs
