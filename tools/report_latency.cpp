#include "tools/report_latency.hpp"

#include <array>
#include <string_view>

#include "tools/report_histogram.hpp"
#include "tools/report_number.hpp"
#include "tools/report_section.hpp"
#include "tools/report_text.hpp"

namespace tecs {
namespace {

struct Kind {
  Measure measure;
  std::string_view id;
  std::string_view name;
  std::string_view meaning;
};

constexpr std::array kinds{
    Kind{Measure::dns_time, "dns", "DNS", "waiting for keys and reputation, where it had to be waited for"},
    Kind{Measure::verification_time, "verification", "Verification",
         "from credential to result, without DNS"},
    Kind{Measure::duration, "connection", "Connection", "from the first to the last octet of a client"}};

struct Quantile {
  double share;
  std::string_view name;
  std::string_view style;
};

constexpr std::array quantiles{Quantile{0.5, "Median", "median"}, Quantile{0.9, "90 %", "most"},
                               Quantile{0.99, "99 %", "nearly-all"}};

double end_of(Measure measure, std::int64_t bin) {
  return lower_bound_of(measure, bin + 1);
}

// Powers of ten, each where its value is: bins are as wide as the logarithm.
std::vector<AxisTick> ticks_of(Measure measure, const ReportHistogram& histogram) {
  constexpr std::array<std::string_view, 12> names{"1 µs", "10 µs", "100 µs", "1 ms",  "10 ms", "100 ms",
                                                   "1 s",  "10 s",  "100 s",  "10³ s", "10⁴ s", "10⁵ s"};
  std::vector<AxisTick> ticks;
  double time = 1;
  for (const std::string_view name : names) {
    const std::int64_t bin = bin_of(measure, time);
    const double begin = lower_bound_of(measure, bin);
    const double within = (time - begin) / (end_of(measure, bin) - begin);
    time *= 10;
    if (bin < histogram.first() || bin > histogram.last()) continue;
    ticks.push_back({static_cast<double>(bin - histogram.first()) + within, std::string(name)});
  }
  // There is room for so many labels.
  if (ticks.size() <= 4) return ticks;
  for (std::size_t index = 1; index < ticks.size(); index += 2) ticks[index].label.clear();
  return ticks;
}

std::string below(Measure measure, const ReportHistogram& histogram, double share) {
  return short_time(end_of(measure, histogram.bin_at(share)));
}

std::string quantile_list(Measure measure, const ReportHistogram& histogram) {
  std::string html = "<dl class=\"quantiles\">\n";
  for (const Quantile& each : quantiles) {
    html +=
        "<div><dt><svg class=\"swatch\" width=\"16\" height=\"16\" aria-hidden=\"true\"><line class=\"mark " +
        std::string(each.style) + "\" x1=\"8\" y1=\"0\" x2=\"8\" y2=\"16\"/></svg> " +
        std::string(each.name) + "</dt><dd>&lt; " + below(measure, histogram, each.share) + "</dd></div>\n";
  }
  return html + "</dl>\n";
}

std::vector<ChartMark> marks_of(Measure measure, const ReportHistogram& histogram) {
  std::vector<ChartMark> marks;
  marks.reserve(quantiles.size());
  for (const Quantile& each : quantiles) {
    marks.push_back({static_cast<double>(histogram.bin_at(each.share) + 1 - histogram.first()), each.style,
                     std::string(each.name) + ": below " + below(measure, histogram, each.share)});
  }
  return marks;
}

std::string sentence(const Kind& kind, const ReportHistogram& histogram) {
  return counted(histogram.connections(), "connection", "connections") + ", " + std::string(kind.meaning) +
         ". Half took less than " + below(kind.measure, histogram, 0.5) + ", one of a hundred " +
         below(kind.measure, histogram, 0.99) + " or more.";
}

std::string draw_kind(const Kind& kind, const ReportContent& content) {
  const auto found = content.distributions.find(kind.measure);
  const auto bins = found == content.distributions.end() ? std::vector<DistributionBin>() : found->second;
  const std::string lost = content.lost_hours();
  const std::string heading = "<div class=\"panel\"><h3>" + std::string(kind.name) + "</h3>\n";
  if (bins.empty())
    return heading + "<p class=\"note\">" + (lost.empty() ? "Nothing was measured." : lost) + "</p></div>\n";
  const ReportHistogram histogram(kind.measure, bins);
  const std::string text = sentence(kind, histogram) + (lost.empty() ? "" : " " + lost);
  const auto bin_text = [&](std::int64_t bin) {
    return short_time(lower_bound_of(kind.measure, bin)) + " to " + short_time(end_of(kind.measure, bin));
  };
  const BarChart chart{
      .id = "latency-" + std::string(kind.id) + "-chart",
      .title = std::string(kind.name) + ": connections by time taken",
      .description = text,
      .columns = histogram.columns(bin_text, [](std::int64_t) -> std::string_view { return "plain"; }),
      .ticks = ticks_of(kind.measure, histogram),
      .marks = marks_of(kind.measure, histogram),
      .height = 130};
  return heading + "<p class=\"sentence\">" + html_text(text) + "</p>\n" +
         quantile_list(kind.measure, histogram) + draw_bar_chart(chart) + "</div>\n";
}

}  // namespace

std::string latency_section(const ReportContent& content) {
  std::string body = "<div class=\"panels\">\n";
  for (const Kind& kind : kinds) body += draw_kind(kind, content);
  return draw_section({"latency", "Latency",
                       "How long it took, on a scale on which each mark is ten times the one before. "
                       "The lines are where half, 90 % and 99 % of the connections have been.",
                       body + "</div>\n"});
}

}  // namespace tecs
