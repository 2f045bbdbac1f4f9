#include "verdicts/summary_period.hpp"

#include <algorithm>
#include <chrono>

namespace tecs {
namespace {

using std::chrono::days;
using std::chrono::hours;
using Bound = std::optional<Verdict::Time>;

// What is from before has no rows.
void begin_after(SummaryPeriod& period, const Bound& pruned) {
  if (!pruned || (period.since && *period.since >= *pruned)) return;
  period.since = period.until ? std::min(*pruned, *period.until) : *pruned;
  period.as_asked = false;
}

// The hours of a day that is not whole in the period must all be there.
void widen(SummaryPeriod& period, Verdict::Time pruned) {
  if (period.since && period.until && *period.since >= *period.until) return;
  if (period.since && *period.since < pruned) {
    const Verdict::Time day = std::chrono::floor<days>(*period.since);
    period.as_asked = period.as_asked && day == *period.since;
    period.since = day;
  }
  if (!period.until) return;
  const Verdict::Time last_day = std::chrono::floor<days>(*period.until);
  if (last_day != *period.until && std::max(last_day, period.since.value_or(last_day)) < pruned) {
    period.until = last_day + days{1};
    period.as_asked = false;
  }
}

}  // namespace

SummaryPeriod answered_period(const SummaryQuery& query, const PrunedTimes& pruned) {
  SummaryPeriod period{.since = query.since, .until = query.until};
  if (query.by != SummaryKey::network) {
    if (period.since) period.since = std::chrono::floor<hours>(*period.since);
    if (period.until) period.until = std::chrono::ceil<hours>(*period.until);
  }
  if (query.by == SummaryKey::network || query.by == SummaryKey::hour) {
    begin_after(period, pruned.verdicts);
  } else {
    if (pruned.verdicts) widen(period, *pruned.verdicts);
    begin_after(period, pruned.days);
  }
  return period;
}

Expected<SummaryPeriod> find_answered_period(SqlDatabase& database, const SummaryQuery& query) {
  return read_pruned_times(database).map(
      [&](const PrunedTimes& pruned) { return answered_period(query, pruned); });
}

}  // namespace tecs
