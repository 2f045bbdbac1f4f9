#include "verdicts/summary_period.hpp"

#include "unit/verdicts/summary_fixture.hpp"
#include "verdicts/verdict_prune.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;
using test::all_keys;
using test::CountedByHand;
using test::midnight;
using SummaryOfAPeriod = test::SummaryFixture;

// Of months that were pruned in part what is left is told from the days.
TEST_P(SummaryOfAPeriod, OfMonthsThatArePrunedInPartIsOfWhatIsLeft) {
  const std::vector<Verdict> verdicts = write_some(std::chrono::days{100});
  const Verdict::Time march{std::chrono::sys_days{std::chrono::year{2026} / 3 / 10}};
  ASSERT_TRUE(prune(database(), {.before = march, .daily_before = march}, [](const auto&) { return true; }));
  for (const SummaryKey key : all_keys) {
    CountedByHand counted({.by = key, .since = march});
    for (const Verdict& verdict : verdicts) counted.add(verdict);
    EXPECT_EQ(summary({.by = key}), counted.rows()) << word(key);
  }
}

// A day whose hours are gone is all that is known of them.
TEST_P(SummaryOfAPeriod, IsOfWholeDaysWhereTheHoursArePruned) {
  const std::vector<Verdict> verdicts = write_some();
  ASSERT_TRUE(prune(database(), {.before = midnight + 58h}, [](const auto&) { return true; }));
  struct Row {
    std::string_view name;
    SummaryQuery query;
    SummaryPeriod want;
  };
  for (const Row& row : {
           Row{"all", {}, {}},
           Row{"whole days", {.since = midnight, .until = midnight + 48h}, {midnight, midnight + 48h}},
           Row{"since", {.since = midnight + 30h}, {midnight + 24h, {}, false}},
           Row{"until", {.until = midnight + 30h}, {{}, midnight + 48h, false}},
           Row{"until after it, within its day", {.until = midnight + 60h}, {{}, midnight + 72h, false}},
           Row{"within a day",
               {.since = midnight + 26h, .until = midnight + 27h},
               {midnight + 24h, midnight + 48h, false}},
           Row{"across it",
               {.since = midnight + 49h, .until = midnight + 60h},
               {midnight + 48h, midnight + 72h, false}},
           Row{"after it",
               {.since = midnight + 58h, .until = midnight + 60h},
               {midnight + 58h, midnight + 60h}},
           Row{"long after it",
               {.since = midnight + 75h, .until = midnight + 100h},
               {midnight + 75h, midnight + 100h}},
           Row{"nothing",
               {.since = midnight + 30h, .until = midnight + 30h},
               {midnight + 30h, midnight + 30h}},
           Row{"by hour", {.by = SummaryKey::hour, .since = midnight + 30h}, {midnight + 58h, {}, false}},
           Row{"by network", {.by = SummaryKey::network}, {midnight + 58h, {}, false}},
           Row{"before it, by hour",
               {.by = SummaryKey::hour, .until = midnight + 30h},
               {midnight + 30h, midnight + 30h, false}},
       }) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(find_answered_period(database(), row.query), row.want);
    SummaryQuery wide = row.query;
    wide.since = row.want.since;
    wide.until = row.want.until;
    CountedByHand counted(wide);
    for (const Verdict& verdict : verdicts) counted.add(verdict);
    EXPECT_EQ(summary(row.query), counted.rows());
  }
}

TEST_P(SummaryOfAPeriod, TellsThatDaysArePruned) {
  write_some();
  ASSERT_TRUE(prune(database(), {.before = midnight + 58h, .daily_before = midnight + 24h},
                    [](const auto&) { return true; }));
  EXPECT_EQ(find_answered_period(database(), {}), (SummaryPeriod{midnight + 24h, {}, false}));
  EXPECT_EQ(find_answered_period(database(), {.since = midnight + 24h}), (SummaryPeriod{midnight + 24h}));
}

INSTANTIATE_TEST_SUITE_P(Engines, SummaryOfAPeriod, test::both_engines, test::engine_name);

}  // namespace
}  // namespace tecs
