#include "tools/report_interval.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tecs {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;

// A Saturday.
constexpr Verdict::Time saturday = std::chrono::sys_days{std::chrono::year{2026} / 1 / 31};

ReportPeriod counted_period(Verdict::Time since, Verdict::Time until) {
  return make_report_period(since, until, until, {});
}

TEST(ReportInterval, FitsThePeriod) {
  struct Row {
    std::chrono::hours length;
    std::string want;
  };
  for (const Row& row : {Row{1h, "an hour"}, Row{48h, "an hour"}, Row{days{7}, "3 hours"},
                         Row{days{14}, "6 hours"}, Row{days{30}, "a day"}, Row{days{90}, "a day"},
                         Row{days{365}, "a week"}, Row{days{1000}, "4 weeks"}, Row{days{9000}, "16 weeks"}}) {
    SCOPED_TRACE(row.length.count());
    const ReportPeriod period = counted_period(saturday + 9h + 24min - row.length, saturday + 9h + 24min);
    EXPECT_EQ(interval_name(period.interval), row.want);
    EXPECT_LE(interval_starts(period).size(), 120);
  }
}

TEST(ReportInterval, SinceIsAFullHour) {
  const ReportPeriod period = counted_period(saturday + 9h + 59min, saturday + 12h);
  EXPECT_EQ(period.since, saturday + 9h);
  EXPECT_THAT(interval_starts(period), testing::ElementsAre(saturday + 9h, saturday + 10h, saturday + 11h));
}

TEST(ReportInterval, UntilIsAFullHourOrNow) {
  EXPECT_EQ(make_report_period(saturday, saturday + 9h + 1min, saturday + days{1}, {}).until, saturday + 10h);
  EXPECT_EQ(make_report_period(saturday, saturday + 9h + 1min, saturday + 9h + 24min, {}).until,
            saturday + 9h + 24min);
}

TEST(ReportInterval, IsADayWhereHoursWerePruned) {
  const PrunedTimes pruned{.verdicts = saturday - 11h};
  const Verdict::Time now = saturday + 9h;
  EXPECT_EQ(make_report_period(saturday - 11h, now, now, pruned),
            (ReportPeriod{saturday - 11h, now, std::chrono::hours{1}}));
  EXPECT_EQ(make_report_period(saturday - 12h, now, now, pruned),
            (ReportPeriod{saturday - days{1}, now, days{1}}));
  EXPECT_EQ(make_report_period(saturday - days{3} + 5h, saturday - days{2} + 5h, now, pruned),
            (ReportPeriod{saturday - days{3}, saturday - days{1}, days{1}}));
  EXPECT_EQ(make_report_period(saturday - days{200}, now, now, pruned).interval, days{7});
}

TEST(ReportInterval, BeginsWhereDaysWerePruned) {
  const PrunedTimes pruned{.verdicts = saturday, .days = saturday - days{9}};
  EXPECT_EQ(make_report_period(saturday - days{20}, saturday, saturday, pruned).since, saturday - days{9});
  const ReportPeriod gone = make_report_period(saturday - days{20}, saturday - days{15}, saturday, pruned);
  EXPECT_EQ(gone.since, saturday - days{20}) << "nothing is left, and that is what is said";
  EXPECT_EQ(gone.until, saturday - days{15});
}

TEST(ReportInterval, WeeksBeginOnMonday) {
  const ReportPeriod period = counted_period(saturday - days{200}, saturday);
  const auto starts = interval_starts(period);
  for (const Verdict::Time start : starts) {
    EXPECT_EQ(std::chrono::weekday(std::chrono::floor<days>(start)), std::chrono::Monday);
  }
  EXPECT_LE(starts.front(), period.since);
  EXPECT_GE(starts.back() + period.interval, period.until);
}

// Also of a period before 1970, where times are negative.
TEST(ReportInterval, EachHourOfThePeriodIsInTheIntervalThatHoldsIt) {
  for (const Verdict::Time end : {saturday + 9h + 24min, Verdict::Time{} - days{1000}}) {
    for (const std::chrono::hours length : {40h, 168h, 400h, 2000h, 9000h, 30'000h}) {
      const ReportPeriod period = counted_period(end - length, end);
      const auto starts = interval_starts(period);
      for (Verdict::Time time = period.since; time < period.until; time += 1h) {
        const std::size_t index = interval_of(period, time);
        ASSERT_LT(index, starts.size());
        ASSERT_LE(starts[index], time);
        ASSERT_GT(starts[index] + period.interval, time);
      }
    }
  }
}

TEST(ReportInterval, Texts) {
  EXPECT_EQ(interval_text(saturday + 9h, 1h), "Sat 31 Jan 2026, 09:00 to 10:00");
  EXPECT_EQ(interval_text(saturday + 21h, 3h), "Sat 31 Jan 2026, 21:00 to 24:00");
  EXPECT_EQ(interval_text(saturday, days{1}), "Sat 31 Jan 2026");
  EXPECT_EQ(interval_text(saturday - days{5}, days{7}), "26 Jan to 1 Feb 2026");
  EXPECT_EQ(moment_text(saturday + 9h + 4min), "31 Jan 2026, 09:04");
}

TEST(ReportInterval, SomeTicksWhateverThePeriod) {
  for (long hours = 1; hours < 80'000; hours = hours * 3 / 2 + 1) {
    SCOPED_TRACE(hours);
    const ReportPeriod period = counted_period(saturday - std::chrono::hours{hours}, saturday);
    const auto ticks = interval_ticks(period);
    EXPECT_GE(ticks.size(), 1);
    EXPECT_LE(ticks.size(), 10);
    for (const AxisTick& tick : ticks) {
      EXPECT_LT(tick.column, static_cast<double>(interval_starts(period).size()));
    }
  }
}

TEST(ReportInterval, TicksOfAWeekAreItsDays) {
  const auto ticks = interval_ticks(counted_period(saturday - days{7} + 9h, saturday + 9h));
  ASSERT_EQ(ticks.size(), 7);
  EXPECT_EQ(ticks.front().label, "25 Jan");
  EXPECT_EQ(ticks.front().column, 5);  // from 9 o'clock on, three hours each
  EXPECT_EQ(ticks.back().label, "31 Jan");
  EXPECT_FALSE(ticks[0].spare);
  EXPECT_TRUE(ticks[1].spare);
}

}  // namespace
}  // namespace tecs
