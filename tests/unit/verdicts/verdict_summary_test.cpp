#include "verdicts/verdict_summary.hpp"

#include <algorithm>

#include "unit/verdicts/summary_fixture.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;
using test::all_keys;
using test::CountedByHand;
using test::midnight;
using Summary = test::SummaryFixture;

TEST(SummaryKeys, HaveWords) {
  for (const SummaryKey key : all_keys) EXPECT_EQ(parse_summary_key(word(key)), key) << word(key);
  EXPECT_EQ(word(SummaryKey::organizational_domain), "organizational-domain");
  for (const std::string_view no_key : {"", "Domain", "domains", "month"})
    EXPECT_EQ(parse_summary_key(no_key), std::nullopt) << no_key;
}

TEST_P(Summary, OfAnEmptyStoreIsEmpty) {
  for (const SummaryKey key : all_keys) EXPECT_TRUE(summary({.by = key}).empty()) << word(key);
}

TEST_P(Summary, SaysWhatTheVerdictsSay) {
  const std::vector<Verdict> verdicts = write_some();
  struct Row {
    std::string_view name;
    SummaryQuery query;
  };
  for (const Row& row : {
           Row{"all", {}},
           Row{"whole days", {.since = midnight + 24h, .until = midnight + 72h}},
           Row{"edges", {.since = midnight + 30h + 20min, .until = midnight + 75h + 1ms}},
           Row{"since within a day", {.since = midnight + 30h}},
           Row{"until within a day", {.until = midnight + 30h}},
           Row{"within a day", {.since = midnight + 26h, .until = midnight + 40h}},
           Row{"across one midnight", {.since = midnight + 40h, .until = midnight + 50h}},
           Row{"a day", {.since = midnight + 24h, .until = midnight + 48h}},
           Row{"nothing", {.since = midnight + 40h, .until = midnight + 40h}},
           Row{"backwards", {.since = midnight + 60h, .until = midnight + 40h}},
           Row{"a domain", {.since = midnight + 30h, .domain = "jgc.org"}},
           Row{"none", {.domain = ""}},
           Row{"an organizational domain", {.organizational_domain = "jgc.org"}},
           Row{"a receiver", {.until = midnight + 50h, .receiver = "mx2"}},
           Row{"a result", {.result = Result::fail}},
           Row{"all of it",
               {.since = midnight + 10h,
               .until = midnight + 100h,
               .domain = "a.jgc.org",
               .organizational_domain = "jgc.org",
               .receiver = "mx1",
               .result = Result::pass}},
       }) {
    for (const SummaryKey key : all_keys) {
      SummaryQuery query = row.query;
      query.by = key;
      CountedByHand counted(query);
      for (const Verdict& verdict : verdicts) counted.add(verdict);
      EXPECT_EQ(summary(query), counted.rows()) << row.name << " by " << word(key);
    }
  }
}

TEST_P(Summary, OfMonthsSaysWhatTheVerdictsSay) {
  using std::chrono::sys_days;
  using std::chrono::year;
  const std::vector<Verdict> verdicts = write_some(std::chrono::days{100});  // up to 11 May
  const Verdict::Time february{sys_days{year{2026} / 2 / 1}}, april{sys_days{year{2026} / 4 / 1}};
  struct Row {
    std::string_view name;
    SummaryQuery query;
  };
  for (const Row& row : {
           Row{"all", {}},
           Row{"whole months", {.since = february, .until = april}},
           Row{"one month", {.since = february, .until = february + 28 * 24h}},
           Row{"a month that is not whole at its end", {.since = february, .until = april - 1h}},
           Row{"nor at its beginning", {.since = february + 24h, .until = april}},
           Row{"edges of days", {.since = february - 24h, .until = april + 72h}},
           Row{"edges of hours", {.since = midnight + 7h, .until = april + 29h}},
           Row{"since a month", {.since = april}},
           Row{"until a month", {.until = april}},
           Row{"days across the end of a month", {.since = april - 48h, .until = april + 48h}},
           Row{"a domain", {.domain = "jgc.org"}},
       }) {
    for (const SummaryKey key : all_keys) {
      SummaryQuery query = row.query;
      query.by = key;
      CountedByHand counted(query);
      for (const Verdict& verdict : verdicts) counted.add(verdict);
      EXPECT_EQ(summary(query), counted.rows()) << row.name << " by " << word(key);
    }
  }
}

TEST_P(Summary, TakesDomainsInLettersOfEitherCase) {
  write_some();
  EXPECT_EQ(summary({.domain = "JGC.org"}), summary({.domain = "jgc.org"}));
  EXPECT_EQ(summary({.domain = "JGC.org"}).size(), 1U);
  EXPECT_EQ(summary({.organizational_domain = "Example.COM"}).size(), 1U);
}

TEST_P(Summary, IsCutToTheFirstRows) {
  write_some();
  const auto all = summary({.by = SummaryKey::hour});
  ASSERT_GT(all.size(), 5U);
  EXPECT_EQ(summary({.by = SummaryKey::hour, .limit = 5}), std::vector(all.begin(), all.begin() + 5));
  EXPECT_EQ(summary({.by = SummaryKey::hour, .limit = SIZE_MAX}), all);
  EXPECT_TRUE(summary({.limit = 0}).empty());
}

TEST_P(Summary, DoesNotLookAtTheVerdicts) {
  write_some();
  const auto before = summary({.since = midnight + 30h});
  ASSERT_TRUE(database().execute("DELETE FROM verdicts"));
  EXPECT_EQ(summary({.since = midnight + 30h}), before);
}

TEST_P(Summary, SaysThatACountWasTamperedWith) {
  write_some();
  test::put_counts_into_tables(database());
  ASSERT_TRUE(database().execute("UPDATE verdicts_monthly SET result = 'perhaps'"));
  const auto rows = summarize(database(), {});
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().sentence, "a count in the store has a result that is none");
}

INSTANTIATE_TEST_SUITE_P(Engines, Summary, test::both_engines, test::engine_name);

}  // namespace
}  // namespace tecs
