#include "tools/report_results.hpp"

#include <cstddef>
#include <numeric>

#include "tools/report_number.hpp"
#include "tools/report_text.hpp"

namespace tecs {
namespace {

constexpr std::array<ResultSeries, 7> series{{
    {Result::pass, "pass", "passed", "the domain that is named answers for the connection"},
    {Result::none, "none", "unsigned", "the client did not sign"},
    {Result::temperror, "temperror", "not decided", "DNS or this side could not tell then"},
    {Result::neutral, "neutral", "neutral", "nothing can be said of the signature"},
    {Result::policy, "policy", "not accepted", "the signature is right, but too weak for this receiver"},
    {Result::permerror, "permerror", "not usable", "the credential or the key in DNS is not in order"},
    {Result::fail, "fail", "failed", "the signature is wrong, repeated, or by a revoked key"},
}};

}  // namespace

const std::array<ResultSeries, 7>& result_series() noexcept {
  return series;
}

std::uint64_t count_of(const ResultCounts& results, Result result) noexcept {
  return results.at(static_cast<std::size_t>(result));
}

std::uint64_t connections_of(const ResultCounts& results) noexcept {
  return std::accumulate(results.begin(), results.end(), std::uint64_t{0});
}

std::uint64_t signed_of(const ResultCounts& results) noexcept {
  return connections_of(results) - count_of(results, Result::none);
}

std::uint64_t failed_of(const ResultCounts& results) noexcept {
  return signed_of(results) - count_of(results, Result::pass);
}

std::vector<ChartSegment> result_segments(const ResultCounts& results) {
  std::vector<ChartSegment> segments;
  segments.reserve(series.size());
  for (const ResultSeries& each : series) segments.push_back({each.style, count_of(results, each.result)});
  return segments;
}

std::string result_text(const ResultCounts& results) {
  std::string text = counted(connections_of(results), "connection", "connections");
  std::string_view before = ": ";
  for (const ResultSeries& each : series) {
    const std::uint64_t count = count_of(results, each.result);
    if (count == 0) continue;
    text.append(before).append(grouped(count)).append(" ").append(each.name);
    before = ", ";
  }
  return text;
}

std::string result_legend(const ResultCounts& totals) {
  std::string html = "<ul class=\"legend\">\n";
  for (auto each = series.rbegin(); each != series.rend(); ++each) {
    const std::uint64_t count = count_of(totals, each->result);
    if (count == 0) continue;
    html.append("<li><svg class=\"swatch\" width=\"16\" height=\"16\" aria-hidden=\"true\"><rect class=\"")
        .append(each->style)
        .append("\" width=\"16\" height=\"16\" rx=\"3\"/></svg> <span><b>")
        .append(each->name)
        .append("</b> ")
        .append(grouped(count))
        .append(" <small>")
        .append(html_text(each->meaning))
        .append("</small></span></li>\n");
  }
  return html + "</ul>\n";
}

}  // namespace tecs
