#include "tools/report_scores.hpp"

#include <algorithm>

#include "tools/report_histogram.hpp"
#include "tools/report_number.hpp"
#include "tools/report_section.hpp"
#include "tools/report_text.hpp"

namespace tecs {
namespace {

std::string bin_text(std::int64_t bin) {
  if (bin == furthest_score_bin) return "score of " + signed_number(bin) + " and more";
  if (bin == -furthest_score_bin) return "score below " + signed_number(bin + 1);
  return "score from " + signed_number(bin) + " to below " + signed_number(bin + 1);
}

// A score of 0 speaks neither for nor against, and its bin goes up to 1.
std::string_view bin_style(std::int64_t bin) {
  return bin < 0 ? "for" : bin == 0 ? "zero" : "against";
}

// whole: "half of them are", "nine of ten". rest: of those beyond. The last bin has no end to be below of.
std::string quantile_text(const ReportHistogram& scores, double share, std::string_view whole,
                          std::string_view rest) {
  const std::int64_t bin = scores.bin_at(share);
  if (bin == furthest_score_bin) return std::string(rest) + " at " + signed_number(bin) + " or more";
  return std::string(whole) + " below " + signed_number(bin + 1);
}

std::string sentence(const ReportContent& content, const ReportHistogram& scores) {
  std::string text = counted(scores.connections(), "connection was", "connections were") +
                     " scored: " + percentage(scores.connections(scores.first(), -1), scores.connections()) +
                     " below 0, which speaks for the sender, and " +
                     percentage(scores.connections(1, scores.last()), scores.connections()) +
                     " at 1 or more, which speaks against. " +
                     quantile_text(scores, 0.5, "Half of them are", "Half of them are") + ", " +
                     quantile_text(scores, 0.9, "nine of ten", "one of ten") + ".";
  if (const std::string lost = content.lost_hours(); !lost.empty()) return text + " " + lost;
  const std::uint64_t all = content.totals.connections;
  if (all > scores.connections()) text += " " + grouped(all - scores.connections()) + " were not scored.";
  return text;
}

std::vector<AxisTick> ticks_of(const ReportHistogram& scores) {
  const std::int64_t length = scores.last() - scores.first() + 1;
  const std::int64_t distance = length > 60 ? 10 : length > 24 ? 5 : 2;
  std::vector<AxisTick> ticks;
  for (std::int64_t bin = scores.first(); bin <= scores.last() + 1; ++bin) {
    if (bin % distance != 0 || bin == -furthest_score_bin) continue;  // which begins nowhere
    ticks.push_back({static_cast<double>(bin - scores.first()), signed_number(bin),
                     (bin / distance) % 2 != 0 && length > 12});
  }
  return ticks;
}

constexpr std::string_view legend =
    "<ul class=\"legend\">\n"
    "<li><svg class=\"swatch\" width=\"16\" height=\"16\" aria-hidden=\"true\"><rect class=\"for\" "
    "width=\"16\" height=\"16\" rx=\"3\"/></svg> <span><b>below 0</b> <small>for the "
    "sender</small></span></li>\n"
    "<li><svg class=\"swatch\" width=\"16\" height=\"16\" aria-hidden=\"true\"><rect class=\"zero\" "
    "width=\"16\" height=\"16\" rx=\"3\"/></svg> <span><b>0 to below 1</b> "
    "<small>neither</small></span></li>\n"
    "<li><svg class=\"swatch\" width=\"16\" height=\"16\" aria-hidden=\"true\"><rect class=\"against\" "
    "width=\"16\" height=\"16\" rx=\"3\"/></svg> <span><b>1 and more</b> <small>against the "
    "sender</small></span></li>\n</ul>\n";

}  // namespace

std::string scores_section(const ReportContent& content) {
  const auto found = content.distributions.find(Measure::score);
  if (found == content.distributions.end() || found->second.empty()) {
    const std::string lost = content.lost_hours();
    return draw_section({"scores", "Scores", lost.empty() ? "No connection was scored." : lost, ""});
  }
  const ReportHistogram scores(Measure::score, found->second);
  const std::string text = sentence(content, scores);
  const BarChart chart{.id = "scores-chart",
                       .title = "Connections by score",
                       .description = text,
                       .columns = scores.columns(bin_text, bin_style),
                       .ticks = ticks_of(scores),
                       .height = 180};
  return draw_section({"scores", "Scores", html_text(text), draw_bar_chart(chart) + std::string(legend)});
}

}  // namespace tecs
