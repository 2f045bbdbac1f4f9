// How a report looks: its style sheet, and the patterns in which bars are drawn besides their colours.
#pragma once

#include <string>
#include <string_view>

namespace tecs {

[[nodiscard]] std::string report_style();                   // CSS
[[nodiscard]] std::string_view report_patterns() noexcept;  // an <svg> that takes no room

}  // namespace tecs
