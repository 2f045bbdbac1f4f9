#include "tools/report_reading.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <utility>

#include "tools/report_domain_reading.hpp"
#include "verdicts/verdict_fields.hpp"

namespace tecs {
namespace {

// More than these nobody reads; the page says how many there are.
constexpr std::size_t most_receivers = 20;

Expected<std::vector<SummaryRow>> summary_by(SqlDatabase& database, SummaryKey key,
                                             const ReportPeriod& period) {
  return summarize(database, {.by = key, .since = period.since, .until = period.until});
}

void add(SummaryRow& sum, const SummaryRow& row) {
  sum.connections += row.connections;
  sum.messages += row.messages;
  sum.recipients += row.recipients;
  sum.bytes += row.bytes;
  for (std::size_t index = 0; index < sum.results.size(); ++index) {
    sum.results.at(index) += row.results.at(index);
  }
}

Expected<void> read_totals(SqlDatabase& database, ReportContent& content) {
  const auto rows = summary_by(database, SummaryKey::result, content.period);
  if (!rows) return tl::unexpected(rows.error());
  for (const SummaryRow& row : *rows) add(content.totals, row);
  return {};
}

// Counts by day outlive those by hour.
Expected<void> read_intervals(SqlDatabase& database, ReportContent& content) {
  const bool by_day = content.period.interval >= std::chrono::days{1};
  const auto rows = summary_by(database, by_day ? SummaryKey::day : SummaryKey::hour, content.period);
  if (!rows) return tl::unexpected(rows.error());
  std::vector<SummaryRow> sums(interval_starts(content.period).size());
  for (const SummaryRow& row : *rows) {
    Verdict::Time start{};
    if (!decode_field(row.key, start))
      return failure(Reason::io_error, "a count in the store has a time that cannot be read");
    // A day may begin before the period.
    add(sums.at(interval_of(content.period, std::max(start, content.period.since))), row);
  }
  for (const SummaryRow& sum : sums) content.intervals.push_back(sum.results);
  return {};
}

// A store of before, or another program, may have a reason with what passed.
Expected<void> read_reasons(SqlDatabase& database, ReportContent& content) {
  auto rows = summary_by(database, SummaryKey::reason, content.period);
  if (!rows) return tl::unexpected(rows.error());
  for (SummaryRow& row : *rows) {
    row.connections = failed_of(row.results);
    for (const Result result : {Result::pass, Result::none})
      row.results.at(static_cast<std::size_t>(result)) = 0;
  }
  std::erase_if(*rows, [](const SummaryRow& row) { return row.connections == 0; });
  std::ranges::stable_sort(*rows, std::greater<>(), &SummaryRow::connections);
  content.reasons = std::move(*rows);
  return {};
}

Expected<void> read_receivers(SqlDatabase& database, ReportContent& content) {
  auto rows = summary_by(database, SummaryKey::receiver, content.period);
  if (!rows) return tl::unexpected(rows.error());
  content.receiver_count = rows->size();
  if (rows->size() > most_receivers) rows->resize(most_receivers);
  content.receivers = std::move(*rows);
  return {};
}

Expected<void> read_distributions(SqlDatabase& database, ReportContent& content) {
  for (const Measure measure :
       {Measure::score, Measure::dns_time, Measure::verification_time, Measure::duration}) {
    auto bins = read_distribution(database, measure, content.period.since, content.period.until);
    if (!bins) return tl::unexpected(bins.error());
    content.distributions[measure] = std::move(*bins);
  }
  return {};
}

}  // namespace

Expected<ReportContent> read_report(SqlDatabase& database, Verdict::Time since, Verdict::Time until,
                                    Verdict::Time now) {
  const auto pruned = read_pruned_times(database);
  if (!pruned) return tl::unexpected(pruned.error());
  ReportContent content;
  content.made = now;
  content.pruned = *pruned;
  content.period = make_report_period(since, until, now, *pruned);
  for (const auto read : {read_totals, read_intervals, read_reasons, read_receivers, read_distributions,
                          read_top_domains, read_new_domains}) {
    if (const auto done = read(database, content); !done) return tl::unexpected(done.error());
  }
  return content;
}

}  // namespace tecs
