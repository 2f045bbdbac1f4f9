// One small bar that lies in a row of a table, as SVG.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tools/report_bar_chart.hpp"

namespace tecs {

// The segments beside each other, from the left; all of them together are as long as their share of whole,
// which is the bar's room. title: what a person sees who points at it, not yet escaped.
[[nodiscard]] std::string draw_share_bar(const std::vector<ChartSegment>& segments, std::uint64_t whole,
                                         const std::string& title);

}  // namespace tecs
