#include "verdicts/verdict_rollup.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include <vector>

#include "unit/verdicts/verdict_samples.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;

constexpr Verdict::Time midnight{std::chrono::sys_days{std::chrono::year{2026} / 2 / 1}};

Verdict pass(const std::string& domain, Verdict::Time time) {
  Verdict verdict;
  verdict.time = time;
  verdict.receiver = "mx.example.net";
  verdict.result = Result::pass;
  verdict.domain = verdict.organizational_domain = domain;
  verdict.messages = 2;
  verdict.recipients = 3;
  verdict.bytes = 1000;
  verdict.duration = 4us;
  verdict.dns_time = 5us;
  verdict.verification_time = 6us;
  return verdict;
}

VerdictRollup roll_up_all(const std::vector<Verdict>& verdicts) {
  std::vector<const Verdict*> pointers;
  for (const Verdict& verdict : verdicts) pointers.push_back(&verdict);
  VerdictRollup rollup = roll_up(pointers);
  add_up(rollup);
  return rollup;
}

TEST(VerdictRollup, OfNothingIsNothing) {
  const VerdictRollup rollup = roll_up({});
  EXPECT_TRUE(rollup.hours.empty());
  EXPECT_TRUE(rollup.days.empty());
  EXPECT_TRUE(rollup.distributions.empty());
  EXPECT_TRUE(rollup.known_domains.empty());
}

TEST(VerdictRollup, AddsWhatHasOneKey) {
  const std::vector<Verdict> verdicts{pass("jgc.org", midnight + 3599999ms), pass("jgc.org", midnight)};
  const VerdictRollup rollup = roll_up_all(verdicts);
  const RollupRow want{.key = {.start = midnight,
                               .domain = "jgc.org",
                               .organizational_domain = "jgc.org",
                               .result = Result::pass,
                               .reason = "",
                               .receiver = "mx.example.net"},
                       .counts = {.connections = 2,
                                  .messages = 4,
                                  .recipients = 6,
                                  .bytes = 2000,
                                  .duration = 8us,
                                  .dns_time = 10us,
                                  .verification_time = 12us}};
  EXPECT_EQ(rollup.hours, std::vector{want});
  EXPECT_EQ(rollup.days, std::vector{want});
  EXPECT_EQ(rollup.months, std::vector{want}) << "the day is the first of its month";
  const std::vector<DistributionRow> bins{{{midnight, Measure::duration, 4, "mx.example.net"}, 2},
                                          {{midnight, Measure::dns_time, 4, "mx.example.net"}, 2},
                                          {{midnight, Measure::verification_time, 5, "mx.example.net"}, 2}};
  EXPECT_EQ(rollup.distributions, bins) << "nothing was scored";
  const std::vector<KnownDomainRow> domains{{"jgc.org", "jgc.org", midnight, midnight}};
  EXPECT_EQ(rollup.known_domains, domains);
}

TEST(VerdictRollup, KeepsApartWhatDiffersInOnePartOfTheKey) {
  struct Row {
    std::string_view name;
    void (*change)(Verdict&);
    std::size_t want_days;
  };
  for (const Row& row : {
           Row{"domain", [](Verdict& verdict) { verdict.domain = "a.jgc.org"; }, 2},
           Row{"organizational domain", [](Verdict& verdict) { verdict.organizational_domain = "org"; }, 2},
           Row{"result", [](Verdict& verdict) { verdict.result = Result::policy; }, 2},
           Row{"reason", [](Verdict& verdict) { verdict.reason = "replay"; }, 2},
           Row{"receiver", [](Verdict& verdict) { verdict.receiver = "mx2.example.net"; }, 2},
           Row{"hour", [](Verdict& verdict) { verdict.time += 1h; }, 1},
           Row{"the hour before, of another day", [](Verdict& verdict) { verdict.time -= 1ms; }, 2},
       }) {
    std::vector<Verdict> verdicts{pass("jgc.org", midnight), pass("jgc.org", midnight)};
    row.change(verdicts[1]);
    const VerdictRollup rollup = roll_up_all(verdicts);
    EXPECT_EQ(rollup.hours.size(), 2U) << row.name;
    EXPECT_EQ(rollup.days.size(), row.want_days) << row.name;
    EXPECT_EQ(rollup.months.size(), row.want_days) << row.name;
  }
}

TEST(VerdictRollup, ComesInTheOrderOfItsKeys) {
  std::vector<Verdict> verdicts;
  for (unsigned i = 0; i < 100; ++i) {
    const unsigned shuffled = i * 37 % 100;
    verdicts.push_back(pass("d" + std::to_string(shuffled % 10), midnight + std::chrono::hours(shuffled)));
    verdicts.back().score = shuffled % 7;
  }
  const VerdictRollup rollup = roll_up_all(verdicts);
  const auto ascend = [](const auto& rows, auto key) {
    return std::ranges::adjacent_find(rows, std::ranges::greater_equal{}, key) == rows.end();
  };
  EXPECT_EQ(rollup.hours.size(), 100U);
  EXPECT_TRUE(ascend(rollup.hours, &RollupRow::key));
  EXPECT_EQ(rollup.days.size(), 44U);
  EXPECT_TRUE(ascend(rollup.days, &RollupRow::key));
  EXPECT_EQ(rollup.months.size(), 10U);
  EXPECT_TRUE(ascend(rollup.months, &RollupRow::key));
  EXPECT_TRUE(ascend(rollup.distributions, &DistributionRow::key));
  EXPECT_EQ(rollup.known_domains.size(), 10U);
  EXPECT_TRUE(ascend(rollup.known_domains, &KnownDomainRow::domain));
}

TEST(VerdictRollup, CountsWhatWasMeasuredOnly) {
  Verdict verdict = pass("jgc.org", midnight);
  verdict.duration = verdict.dns_time = verdict.verification_time = 0us;
  EXPECT_TRUE(roll_up_all({verdict}).distributions.empty());
  verdict.score = 0;
  const std::vector<DistributionRow> want{{{midnight, Measure::score, 0, "mx.example.net"}, 1}};
  const std::vector<Verdict> verdicts{verdict};
  EXPECT_EQ(roll_up_all(verdicts).distributions, want) << "a score of 0 is a score";
}

TEST(VerdictRollup, NoVerdictMakesASumOverflow) {
  std::vector<Verdict> verdicts{pass("jgc.org", midnight), pass("jgc.org", midnight)};
  verdicts[0].bytes = UINT64_MAX;
  verdicts[0].duration = std::chrono::microseconds::max();
  verdicts[0].dns_time = std::chrono::microseconds::min();
  const RollupCounts counts = roll_up_all(verdicts).hours.at(0).counts;
  EXPECT_EQ(counts.bytes, most_of_a_connection + 1000);
  EXPECT_EQ(counts.duration, std::chrono::microseconds{most_of_a_connection + 4});
  EXPECT_EQ(counts.dns_time, 5us);
}

TEST(VerdictRollup, OnlyAPassMakesADomainKnown) {
  for (const Result result :
       {Result::none, Result::fail, Result::policy, Result::permerror, Result::temperror}) {
    Verdict verdict = pass("jgc.org", midnight);
    verdict.result = result;
    EXPECT_TRUE(roll_up_all({verdict}).known_domains.empty()) << word(result);
  }
  EXPECT_TRUE(roll_up_all({pass("", midnight)}).known_domains.empty());
}

TEST(VerdictRollup, TheNewestDayTellsTheOrganizationalDomain) {
  std::vector<Verdict> verdicts{pass("a.jgc.org", midnight + 24h), pass("a.jgc.org", midnight + 49h),
                                pass("a.jgc.org", midnight)};
  verdicts[0].organizational_domain = "old.org";
  verdicts[1].organizational_domain = "new.org";
  verdicts[2].organizational_domain = "older.org";
  const std::vector<KnownDomainRow> want{{"a.jgc.org", "new.org", midnight, midnight + 48h}};
  EXPECT_EQ(roll_up_all(verdicts).known_domains, want);
  for (const auto hour : {-1h, 1h}) {
    verdicts.push_back(pass("a.jgc.org", midnight + 49h + hour));
    verdicts.back().organizational_domain = "jgc.org";
    EXPECT_EQ(roll_up_all(verdicts).known_domains, want) << "of one day the greater, whichever came last";
  }
}

TEST(VerdictRollup, AClockThatMustBeWrongMakesNoDomainOld) {
  using std::chrono::sys_days;
  using std::chrono::year;
  struct Row {
    std::string_view name;
    Verdict::Time time;
    std::size_t want;
  };
  for (const Row& row : {
           Row{"before NTP", Verdict::Time{90s}, 0},
           Row{"a real-time clock without a battery", sys_days{year{2000} / 1 / 1}, 0},
           Row{"the day before", sys_days{year{2005} / 1 / 1} - 1ms, 0},
           Row{"the first", sys_days{year{2005} / 1 / 1}, 1},
           Row{"the last", sys_days{year{2100} / 1 / 1} - 1ms, 1},
           Row{"overflown", sys_days{year{2106} / 2 / 7}, 0},
       }) {
    const std::vector<Verdict> verdicts{pass("jgc.org", row.time)};
    const VerdictRollup rollup = roll_up_all(verdicts);
    EXPECT_EQ(rollup.known_domains.size(), row.want) << row.name;
    EXPECT_EQ(rollup.days.size(), 1U) << row.name;
  }
}

}  // namespace
}  // namespace tecs
