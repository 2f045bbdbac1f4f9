#include "tools/report_domains.hpp"

#include <algorithm>
#include <cstddef>

#include "tecs/printable_text.hpp"
#include "tools/report_number.hpp"
#include "tools/report_reputation.hpp"
#include "tools/report_section.hpp"
#include "tools/report_share_bar.hpp"
#include "tools/report_table.hpp"
#include "tools/report_text.hpp"

namespace tecs {
namespace {

std::string bad_ones(const ReportContent& content) {
  std::string html;
  for (const ReportedDomain& domain : content.top_domains) {
    if (!domain.reputation || domain.reputation->state != Reputation::bad) continue;
    html += (html.empty() ? "" : ", ") + html_stranger_text(domain.row.key);
  }
  return html.empty() ? "None of them has a bad reputation." : "Bad reputation: " + html + ".";
}

std::string top_domains_sentence(const ReportContent& content) {
  std::uint64_t connections = 0;
  for (const ReportedDomain& domain : content.top_domains) connections += domain.row.connections;
  return "The " + counted(content.top_domains.size(), "busiest domain", "busiest domains") + " of " +
         grouped(content.claimed_domains) + " that clients named, with " +
         percentage(connections, signed_of(content.totals.results)) + " of all signed connections. " +
         bad_ones(content) +
         " Anybody can name a domain: only what passed is its own doing, and what did not pass may be "
         "somebody else’s.";
}

std::vector<std::string> top_domain_row(const ReportedDomain& domain, std::uint64_t largest) {
  const SummaryRow& row = domain.row;
  const std::uint64_t failed = failed_of(row.results);
  return {html_stranger_text(row.key),
          reputation_badge(domain.reputation),
          reputation_number(domain.reputation),
          grouped(row.connections),
          grouped(row.messages),
          grouped(failed) + " <small>" + html_text(percentage(failed, row.connections)) + "</small>",
          draw_share_bar(result_segments(row.results), largest,
                         printable_text(row.key, 253) + ": " + result_text(row.results))};
}

std::string new_domains_sentence(const ReportContent& content) {
  const std::uint64_t count = content.new_domain_count();
  if (count == 0) return "No domain passed for the first time.";
  std::string html = counted(count, "domain", "domains") + " passed for the first time";
  if (content.signing_domains >= count) {
    html += ", " + html_text(percentage(count, content.signing_domains)) + " of those that passed at all";
  }
  html += ". A domain without a past deserves a second look";
  if (!content.new_domains.empty()) {
    const KnownDomain& newest = content.new_domains.front().domain;
    html += "; the newest is " + html_stranger_text(newest.domain) + ", of " + moment_text(newest.first);
  }
  return html + ".";
}

BarChart new_domains_chart(const ReportContent& content) {
  BarChart chart{"new-domains-chart",
                 "New domains over time",
                 counted(content.new_domain_count(), "new domain", "new domains") + ", each bar for " +
                     interval_name(content.period.interval),
                 {},
                 interval_ticks(content.period)};
  const std::vector<Verdict::Time> starts = interval_starts(content.period);
  for (std::size_t index = 0; index < starts.size(); ++index) {
    const std::uint64_t count = content.new_in_interval[index];
    const bool gap = count == 0 && connections_of(content.intervals[index]) == 0;
    chart.columns.push_back({interval_text(starts[index], content.period.interval) + "\n" +
                                 (gap ? "nothing recorded" : counted(count, "new domain", "new domains")),
                             {{"plain", count}},
                             gap});
  }
  chart.height = 110;
  return chart;
}

std::string new_domains_table(const ReportContent& content) {
  if (content.new_domains.empty()) return "";
  ReportTable table{"The newest domains",
                    {{"Domain", ColumnKind::name},
                     {"First passed (UTC)", ColumnKind::text},
                     {"Reputation", ColumnKind::text}},
                    {}};
  for (const NewDomain& each : content.new_domains) {
    table.rows.push_back({html_stranger_text(each.domain.domain), moment_text(each.domain.first),
                          reputation_badge(each.reputation)});
  }
  const std::uint64_t left_out =
      content.new_domain_count() -
      std::min<std::uint64_t>(content.new_domain_count(), content.new_domains.size());
  return draw_table(table) +
         (left_out == 0 ? "" : "<p class=\"note\">And " + grouped(left_out) + " older than these.</p>\n");
}

}  // namespace

std::string top_domains_section(const ReportContent& content) {
  if (content.top_domains.empty()) {
    return draw_section({"domains", "Top domains", "No client named a domain.", ""});
  }
  std::uint64_t largest = 0;
  for (const ReportedDomain& domain : content.top_domains) {
    largest = std::max(largest, domain.row.connections);
  }
  ReportTable table{"Top domains",
                    {{"Domain", ColumnKind::name},
                     {"Reputation", ColumnKind::text},
                     {"Number", ColumnKind::number},
                     {"Connections", ColumnKind::number},
                     {"Messages", ColumnKind::number},
                     {"Not passed", ColumnKind::number},
                     {"Connections by result", ColumnKind::drawing}},
                    {}};
  for (const ReportedDomain& domain : content.top_domains) {
    table.rows.push_back(top_domain_row(domain, largest));
  }
  return draw_section(
      {"domains", "Top domains", top_domains_sentence(content),
       draw_table(table) +
           "<p class=\"note\">Number: 0 is the best reputation, 1 the worst. Bars are drawn as "
           "in the chart above; the longest is the busiest domain.</p>\n"});
}

std::string new_domains_section(const ReportContent& content) {
  const bool any = content.new_domain_count() > 0;
  return draw_section({"new-domains", "New domains", new_domains_sentence(content),
                       any ? draw_bar_chart(new_domains_chart(content)) + new_domains_table(content) : ""});
}

}  // namespace tecs
