#include "verdicts/verdict_prune.hpp"

#include <atomic>
#include <thread>
#include <vector>

#include "unit/verdicts/rollup_check.hpp"
#include "unit/verdicts/store_under_test.hpp"
#include "unit/verdicts/verdict_samples.hpp"
#include "verdicts/pruned_times.hpp"
#include "verdicts/sqlite_verdict_store.hpp"
#include "verdicts/verdict_summary.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;

constexpr Verdict::Time midnight{std::chrono::sys_days{std::chrono::year{2026} / 1 / 31}};
const PruneProgress go_on = [](const PruneCounts&) { return true; };

class Prune : public test::StoreUnderTest {
 protected:
  // One every ten minutes.
  static std::vector<Verdict> some(unsigned count) {
    std::vector<Verdict> verdicts;
    for (unsigned i = 0; i < count; ++i) {
      verdicts.push_back(test::numbered_verdict(i));
      verdicts.back().time = midnight + i * 10min;
      verdicts.back().result = Result::pass;
    }
    return verdicts;
  }
  void write(const std::vector<Verdict>& verdicts) { ASSERT_TRUE(verdict_store().write(verdicts)); }

  PruneCounts pruned(const PruneOptions& options, const PruneProgress& progress = go_on) {
    const auto pruning = prune(database(), options, progress);
    EXPECT_TRUE(pruning) << pruning.error().sentence;
    return pruning.value_or(Pruning{}).gone;
  }

  std::int64_t number(const std::string& sql) {
    std::int64_t found = -1;
    EXPECT_TRUE(database().query(sql, {}, [&](const SqlRow& row) {
      found = row.integer(0);
      return false;
    }));
    return found;
  }
  // Before days are pruned.
  void expect_months_of_days() {
    const std::string keys = "domain, organizational_domain, result, reason, receiver";
    const std::vector<std::string> columns{"start",
                                           "domain",
                                           "organizational_domain",
                                           "result",
                                           "reason",
                                           "receiver",
                                           "connections",
                                           "messages",
                                           "recipients",
                                           "bytes",
                                           "duration",
                                           "dns_time",
                                           "verification_time"};
    std::string sums;
    for (std::size_t i = 6; i < columns.size(); ++i)
      sums += ", CAST(SUM(" + columns[i] + ") AS BIGINT) AS " + columns[i];
    EXPECT_EQ(test::rows(database(), "verdicts_monthly", columns),
              test::rows(database(),
                         "(SELECT substr(start, 1, 7) || '-01T00:00:00.000Z' AS start, " + keys + sums +
                             " FROM verdicts_daily GROUP BY 1, " + keys + ") AS months",
                         columns));
  }

  std::int64_t rows(const std::string& table) { return number("SELECT COUNT(*) FROM " + table); }
};

TEST_P(Prune, TakesVerdictsAndHoursOfBefore) {
  write(some(144));  // a day of them
  const PruneCounts counts = pruned({.before = midnight + 5h + 59min});
  EXPECT_EQ(counts, (PruneCounts{.verdicts = 30, .hours = 5, .distributions = 15 + 5, .days = 0}))
      << "rounded down to the hour";
  EXPECT_EQ(rows("verdicts"), 114);
  EXPECT_EQ(number("SELECT CAST(SUM(connections) AS BIGINT) FROM verdicts_hourly"), 114);
  EXPECT_EQ(number("SELECT CAST(SUM(connections) AS BIGINT) FROM verdicts_daily"), 144);
  EXPECT_EQ(rows("known_domains"), 1);
  EXPECT_EQ(pruned({.before = midnight + 5h + 59min}), PruneCounts{}) << "the second time there is nothing";
}

TEST_P(Prune, TakesDaysWhenAsked) {
  write(some(300));
  const PruneCounts counts = pruned({.before = midnight, .daily_before = midnight + 47h});
  EXPECT_EQ(counts, (PruneCounts{.days = 1, .months = 1}));
  EXPECT_EQ(number("SELECT CAST(SUM(connections) AS BIGINT) FROM verdicts_daily"), 300 - 144);
  EXPECT_EQ(rows("verdicts"), 300);
}

TEST_P(Prune, OfAnEmptyStoreIsNothing) {
  EXPECT_EQ(pruned({.before = midnight, .daily_before = midnight}), PruneCounts{});
}

TEST_P(Prune, GoesSliceBySliceAndSaysHowFarItIs) {
  write(some(144));
  std::vector<std::uint64_t> seen;
  const PruneCounts counts =
      pruned({.before = midnight + 24h, .rows_at_a_time = 50}, [&](const PruneCounts& so_far) {
        seen.push_back(so_far.verdicts);
        // Nothing is locked: somebody else may write.
        Verdict other = test::numbered_verdict(static_cast<unsigned>(1000 + seen.size()));
        other.time = midnight + 48h;
        EXPECT_TRUE(verdict_store().write({&other, 1}));
        return true;
      });
  EXPECT_EQ(counts.verdicts, 144U);
  EXPECT_EQ(counts.hours, 24U);
  ASSERT_GE(seen.size(), 3U);
  EXPECT_EQ(std::vector(seen.begin(), seen.begin() + 3), (std::vector<std::uint64_t>{50, 100, 144}));
  EXPECT_EQ(rows("verdicts"), static_cast<std::int64_t>(seen.size()));
}

TEST_P(Prune, TakesASliceOfOneTimeWhole) {
  std::vector<Verdict> verdicts = some(30);
  for (Verdict& verdict : verdicts) verdict.time = midnight;
  write(verdicts);
  EXPECT_EQ(pruned({.before = midnight + 1h, .rows_at_a_time = 7}).verdicts, 30U);
  EXPECT_EQ(rows("verdicts"), 0);
}

TEST_P(Prune, StopsWhenToldAndGoesOnTheNextTime) {
  write(some(144));
  const PruneOptions options{.before = midnight + 24h, .rows_at_a_time = 10};
  EXPECT_EQ(pruned(options, [](const PruneCounts& counts) { return counts.verdicts < 30; }),
            (PruneCounts{.verdicts = 30}));
  EXPECT_EQ(rows("verdicts"), 114);
  EXPECT_EQ(pruned(options).verdicts, 114U);
}

// Whether a verdict counts is not to be told any more when it is gone.
TEST_P(Prune, WhatIsGoneDoesNotCountAgain) {
  const std::vector<Verdict> verdicts = some(144);
  write(verdicts);
  const PruneOptions options{.before = midnight + 12h + 30min};
  EXPECT_EQ(pruned(options).verdicts, 72U);
  write(verdicts);
  EXPECT_EQ(rows("verdicts"), 72);
  EXPECT_EQ(number("SELECT CAST(SUM(connections) AS BIGINT) FROM verdicts_hourly"), 72);
  EXPECT_EQ(number("SELECT CAST(SUM(connections) AS BIGINT) FROM verdicts_daily"), 144);
  // A later one that goes less far forgets nothing of it.
  EXPECT_EQ(pruned({.before = midnight + 1h}), PruneCounts{});
  write(verdicts);
  EXPECT_EQ(rows("verdicts"), 72);
  EXPECT_EQ(read_pruned_times(database()), (PrunedTimes{.verdicts = midnight + 12h, .names = midnight}));
}

TEST_P(Prune, InterruptedItDoesNotCountAgainEither) {
  const std::vector<Verdict> verdicts = some(144);
  write(verdicts);
  EXPECT_EQ(pruned({.before = midnight + 24h, .rows_at_a_time = 10}, [](const auto&) { return false; }),
            (PruneCounts{.verdicts = 10}));
  write(verdicts);
  EXPECT_EQ(rows("verdicts"), 134);
  EXPECT_EQ(number("SELECT CAST(SUM(connections) AS BIGINT) FROM verdicts_daily"), 144);
}

// Anybody can say AUTH with a name of his own making.
TEST_P(Prune, NamesThatNeverPassedGoAndTheirCountsStay) {
  std::vector<Verdict> verdicts = some(144 * 3);
  for (unsigned i = 0; i < verdicts.size(); ++i) {
    if (i % 4 == 0) continue;
    verdicts[i].result = i % 4 == 1 ? Result::fail : Result::permerror;
    verdicts[i].reason = i % 4 == 1 ? "replay" : "no-key";
    verdicts[i].domain = verdicts[i].organizational_domain = "d" + std::to_string(i) + ".example";
    if (i % 8 == 1) verdicts[i].domain = verdicts[0].domain;  // one that did pass, elsewhere
  }
  write(verdicts);
  const std::string all =
      "SELECT CAST(SUM(connections * 1000000 + messages * 1000 + recipients) AS BIGINT) FROM verdicts_daily";
  test::put_counts_into_tables(database());
  const std::int64_t before = number(all);
  EXPECT_EQ(pruned({.before = midnight + 47h, .rows_at_a_time = 7}).names, 90U) << "of one whole day";
  EXPECT_EQ(number(all), before);
  const std::string nameless =
      "SELECT CAST(SUM(connections) AS BIGINT) FROM verdicts_daily WHERE domain = '' ";
  EXPECT_EQ(number(nameless + "AND organizational_domain = ''"), 90);
  expect_months_of_days();
  EXPECT_EQ(number(nameless + "AND result = 'permerror' AND reason = 'no-key'"), 72);
  EXPECT_EQ(number(nameless + "AND result = 'fail' AND reason = 'replay'"), 18);
  EXPECT_EQ(number("SELECT COUNT(*) FROM verdicts_daily WHERE domain = ''"), 2);
  EXPECT_EQ(pruned({.before = midnight + 47h}).names, 0U);
  EXPECT_EQ(pruned({.before = midnight + 48h}).names, 90U);
  EXPECT_EQ(number(all), before);
  expect_months_of_days();
}

TEST_P(Prune, ADomainThatPassedLongAgoIsForgottenWithItsDays) {
  std::vector<Verdict> verdicts = some(144 * 2);
  for (unsigned i = 0; i < 144; ++i) verdicts[i].domain = "old.example";
  verdicts[200].domain = "old.example";
  verdicts[200].result = Result::fail;
  write(verdicts);
  EXPECT_EQ(rows("known_domains"), 2);
  EXPECT_EQ(pruned({.before = midnight + 72h}).names, 0U);
  const PruneCounts counts = pruned({.before = midnight + 72h, .daily_before = midnight + 24h});
  EXPECT_EQ(counts.domains, 1U);
  EXPECT_EQ(counts.names, 1U) << "which was passed over before";
  EXPECT_EQ(number("SELECT COUNT(*) FROM verdicts_daily WHERE domain = 'old.example'"), 0);
  EXPECT_EQ(read_pruned_times(database()),
            (PrunedTimes{.verdicts = midnight + 72h, .days = midnight + 24h, .names = midnight + 72h}));
}

// On PostgreSQL those that write and those that delete go over the same rows.
TEST_P(Prune, NobodyBesideItLosesABatch) {
  write(some(600));
  std::atomic<bool> done = false;
  std::vector<std::jthread> writers;
  for (unsigned writer = 1; writer <= 2; ++writer) {
    writers.emplace_back([&, writer] {
      const auto store = open_verdict_store(name(), StoreMode::read_write).value();
      for (unsigned round = 0; !done && round < 200; ++round) {
        std::vector<Verdict> batch = some(100);
        for (unsigned i = 0; i < batch.size(); ++i) {
          batch[i].id = test::numbered_verdict(1'000'000 * writer + round * 1'000 + i).id;
          batch[i].receiver = "mx" + std::to_string(writer);
        }
        const auto written = store->write(batch);
        EXPECT_TRUE(written) << written.error().sentence;
      }
    });
  }
  for (unsigned hour = 1; hour <= 60; ++hour) {
    const auto pruning = prune(database(), {.before = midnight + hour * 1h, .rows_at_a_time = 5}, go_on);
    EXPECT_TRUE(pruning) << pruning.error().sentence;
  }
  done = true;
}

TEST_P(Prune, FailsInAStoreThatIsRead) {
  write(some(10));
  const auto reader = open_verdict_database(name(), StoreMode::read_only);
  ASSERT_TRUE(reader) << reader.error().sentence;
  EXPECT_FALSE(prune(**reader, {.before = midnight + 24h}, go_on));
  EXPECT_EQ(rows("verdicts"), 10);
}

INSTANTIATE_TEST_SUITE_P(Engines, Prune, test::both_engines, test::engine_name);

class PruneOfAReceiver : public Prune {};

TEST_P(PruneOfAReceiver, KeepsWhatIsStillToBeForwarded) {
  const StoreName place = name();
  const auto* const file = std::get_if<StoreName::SqliteFile>(&place.place());
  ASSERT_NE(file, nullptr);
  auto forwarding = SqliteVerdictStore::open(file->path, StoreMode::read_write, {.forward = true});
  ASSERT_TRUE(forwarding);
  const std::vector<Verdict> verdicts = some(100);
  ASSERT_TRUE((*forwarding)->write(verdicts));
  ASSERT_TRUE(database().execute("DELETE FROM forward_queue WHERE sequence % 3 <> 0"));  // they are forwarded
  ASSERT_TRUE(database().execute("DELETE FROM forward_queue WHERE sequence < 50"));
  const auto pruning = prune(database(), {.before = midnight + 24h, .rows_at_a_time = 10}, go_on);
  ASSERT_TRUE(pruning) << pruning.error().sentence;
  EXPECT_EQ(pruning->waiting, (WaitingVerdicts{.count = 17, .oldest = midnight + 8h + 20min}));
  EXPECT_EQ(pruning->gone.verdicts, 48U) << "up to the hour of the oldest that waits";
  EXPECT_EQ(number("SELECT COUNT(*) FROM forward_queue JOIN verdicts ON verdicts.id = forward_queue.id"), 17);
  EXPECT_EQ(number("SELECT SUM(connections) FROM verdicts_hourly"), 52) << "all that are there still count";
  EXPECT_EQ(forget_waiting_verdicts(database()), 17U);
  EXPECT_EQ(find_waiting_verdicts(database()), WaitingVerdicts{});
  EXPECT_EQ(pruned({.before = midnight + 24h, .rows_at_a_time = 10}).verdicts, 52U);
  EXPECT_EQ(rows("verdicts_hourly"), 0);
}

INSTANTIATE_TEST_SUITE_P(Engines, PruneOfAReceiver, testing::Values(SqlDialect::sqlite), test::engine_name);

}  // namespace
}  // namespace tecs
