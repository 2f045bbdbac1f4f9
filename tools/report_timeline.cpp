#include "tools/report_timeline.hpp"

#include <algorithm>
#include <cstddef>

#include "tools/report_number.hpp"
#include "tools/report_section.hpp"
#include "tools/report_table.hpp"
#include "tools/report_text.hpp"

namespace tecs {
namespace {

// The first of those for which it is largest.
template <typename Count>
std::size_t largest(const std::vector<ResultCounts>& intervals, Count count) {
  const auto found = std::max_element(
      intervals.begin(), intervals.end(),
      [&](const ResultCounts& one, const ResultCounts& other) { return count(one) < count(other); });
  return static_cast<std::size_t>(found - intervals.begin());
}

std::string gap_sentence(const ReportContent& content) {
  const auto gaps = std::count_if(content.intervals.begin(), content.intervals.end(),
                                  [](const ResultCounts& results) { return connections_of(results) == 0; });
  if (gaps == 0) return "";
  return " In " + grouped(static_cast<std::uint64_t>(gaps)) + " of " +
         counted(content.intervals.size(), "interval", "intervals") + " nothing was recorded: hatched.";
}

std::string signature_sentence(const ResultCounts& totals) {
  const std::uint64_t with_signature = signed_of(totals);
  if (with_signature == 0) return "No connection carried a signature.";
  return percentage(with_signature, connections_of(totals)) +
         " of the connections carried a signature, and " +
         percentage(count_of(totals, Result::pass), with_signature) + " of those passed.";
}

std::string sentence(const ReportContent& content) {
  const std::vector<Verdict::Time> starts = interval_starts(content.period);
  const std::string interval = interval_name(content.period.interval);
  const ResultCounts& totals = content.totals.results;
  const std::size_t busiest = largest(content.intervals, connections_of);
  std::string text = signature_sentence(totals) +
                     " Busiest: " + interval_text(starts[busiest], content.period.interval) + ", with " +
                     counted(connections_of(content.intervals[busiest]), "connection", "connections") + ".";
  if (failed_of(totals) > 0) {
    const std::size_t worst = largest(content.intervals, failed_of);
    text += " Most that did not pass: " + interval_text(starts[worst], content.period.interval) + ", " +
            grouped(failed_of(content.intervals[worst])) + ".";
  }
  if (const std::string lost = content.lost_days(); !lost.empty()) text += " " + lost;
  return text + gap_sentence(content) + " Each bar stands for " + interval + ".";
}

BarChart chart_of(const ReportContent& content, const std::string& description) {
  BarChart chart{
      "timeline-chart", "Connections by result, over time", description, {}, interval_ticks(content.period)};
  const std::vector<Verdict::Time> starts = interval_starts(content.period);
  for (std::size_t index = 0; index < starts.size(); ++index) {
    const ResultCounts& results = content.intervals[index];
    const bool gap = connections_of(results) == 0;
    const std::string when = interval_text(starts[index], content.period.interval);
    chart.columns.push_back(
        {when + "\n" + (gap ? "nothing recorded" : result_text(results)), result_segments(results), gap});
  }
  chart.height = 220;
  return chart;
}

std::string numbers(const ReportContent& content) {
  ReportTable table{"Connections by result, over time",
                    {{"Time (UTC)", ColumnKind::name}, {"All", ColumnKind::number}},
                    {},
                    NarrowForm::scrolling};
  std::vector<Result> results;
  for (const ResultSeries& series : result_series()) {
    if (count_of(content.totals.results, series.result) == 0) continue;
    table.columns.push_back({series.name, ColumnKind::number});
    results.push_back(series.result);
  }
  const std::vector<Verdict::Time> starts = interval_starts(content.period);
  for (std::size_t index = 0; index < starts.size(); ++index) {
    const ResultCounts& counts = content.intervals[index];
    std::vector<std::string> row{interval_text(starts[index], content.period.interval),
                                 grouped(connections_of(counts))};
    for (const Result result : results) row.push_back(grouped(count_of(counts, result)));
    table.rows.push_back(std::move(row));
  }
  return draw_details("The numbers", draw_table(table));
}

}  // namespace

std::string timeline_section(const ReportContent& content) {
  const std::string text = sentence(content);
  return draw_section(
      {"timeline", "Results over time", html_text(text),
       draw_bar_chart(chart_of(content, text)) + result_legend(content.totals.results) + numbers(content)});
}

}  // namespace tecs
