// The period of a report, cut into intervals that each are one bar of a chart. All times are UTC.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "tools/report_bar_chart.hpp"
#include "verdicts/pruned_times.hpp"
#include "verdicts/verdict.hpp"

namespace tecs {

// Plain value. since is before until.
struct ReportPeriod {
  Verdict::Time since{};  // a full hour
  Verdict::Time until{};  // not included; a full hour, unless it is now
  // Of an interval: hours that make up a day, or whole days.
  std::chrono::hours interval{1};

  friend bool operator==(const ReportPeriod&, const ReportPeriod&) = default;
};

// The period that is counted when this one is asked for: in whole hours, up to now, and where hours were
// pruned in whole days (summary_period.hpp). Chooses the interval so that there are at most a hundred bars or
// so: hours for up to seventeen days, if all of them are there, then days, from a hundred days on weeks,
// which begin on Monday. since is before until, and until is not after now.
[[nodiscard]] ReportPeriod make_report_period(Verdict::Time since, Verdict::Time until, Verdict::Time now,
                                              const PrunedTimes& pruned);

// When each interval begins. The first may begin before the period, the last may end behind it.
[[nodiscard]] std::vector<Verdict::Time> interval_starts(const ReportPeriod& period);

// Which of interval_starts() a time of the period is in.
[[nodiscard]] std::size_t interval_of(const ReportPeriod& period, Verdict::Time time);

// "an hour", "3 hours", "a day", "a week".
[[nodiscard]] std::string interval_name(std::chrono::hours interval);

// "Tue 6 Jan 2026, 09:00 to 12:00", "Tue 6 Jan 2026", "5 to 11 Jan 2026"
[[nodiscard]] std::string interval_text(Verdict::Time start, std::chrono::hours interval);

// "6 Jan 2026, 09:24"
[[nodiscard]] std::string moment_text(Verdict::Time time);
// "6 Jan 2026"
[[nodiscard]] std::string date_text(Verdict::Time time);

// At most some eight labels, at the beginnings of days where the period has them.
[[nodiscard]] std::vector<AxisTick> interval_ticks(const ReportPeriod& period);

}  // namespace tecs
