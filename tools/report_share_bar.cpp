#include "tools/report_share_bar.hpp"

#include <algorithm>

#include "tools/report_svg.hpp"
#include "tools/report_text.hpp"

namespace tecs {

std::string draw_share_bar(const std::vector<ChartSegment>& segments, std::uint64_t whole,
                           const std::string& title) {
  const auto room = static_cast<double>(std::max<std::uint64_t>(whole, 1));
  std::string svg = "<svg class=\"share\" role=\"img\" aria-label=\"" + html_text(title) +
                    "\" width=\"100%\" height=\"12\">" + svg_title(title) +
                    svg_rectangle("room", {"0", "0", "100%", "12"});
  double left = 0;
  for (const ChartSegment& segment : segments) {
    if (segment.value == 0) continue;
    const double share = static_cast<double>(segment.value) / room;
    svg += svg_rectangle(segment.style, {svg_percent(left), "0", svg_percent(share), "12"});
    left += share;
  }
  return svg + "</svg>";
}

}  // namespace tecs
