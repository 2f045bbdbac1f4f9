// What a domain is worth, as a word with a sign of its own shape and colour.
#pragma once

#include <optional>
#include <string>

#include "tools/report_content.hpp"

namespace tecs {

// HTML, as the next.
[[nodiscard]] std::string reputation_badge(const std::optional<ReportedReputation>& reputation);
// "0.13"; a dash when there is none.
[[nodiscard]] std::string reputation_number(const std::optional<ReportedReputation>& reputation);

}  // namespace tecs
