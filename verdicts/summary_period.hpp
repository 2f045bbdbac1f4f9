// Which period the counts of a store can tell of, when another was asked for.
#pragma once

#include <optional>

#include "tecs/error.hpp"
#include "verdicts/pruned_times.hpp"
#include "verdicts/sql_database.hpp"
#include "verdicts/verdict_summary.hpp"

namespace tecs {

struct SummaryPeriod {
  std::optional<Verdict::Time> since{};  // empty: from the beginning, as in SummaryQuery
  std::optional<Verdict::Time> until{};
  bool as_asked = true;  // but for the rounding to hours

  friend bool operator==(const SummaryPeriod&, const SummaryPeriod&) = default;
};

// Counts by day outlive those by hour. So where an edge lies within a day and its hours were pruned, the
// answer is of the whole day; asked by hour or by network, of nothing from before what was pruned. A pure
// function.
[[nodiscard]] SummaryPeriod answered_period(const SummaryQuery& query, const PrunedTimes& pruned);

// For whoever has to tell a person: what summarize() answers now. read_distribution() answers as by hour.
// Fails with io_error.
[[nodiscard]] Expected<SummaryPeriod> find_answered_period(SqlDatabase& database, const SummaryQuery& query);

}  // namespace tecs
