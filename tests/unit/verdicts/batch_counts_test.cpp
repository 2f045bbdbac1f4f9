#include "verdicts/batch_counts.hpp"

#include <cstdint>
#include <optional>
#include <string>

#include "unit/verdicts/rollup_check.hpp"
#include "unit/verdicts/store_under_test.hpp"
#include "unit/verdicts/varied_verdicts.hpp"
#include "verdicts/pruned_times.hpp"
#include "verdicts/verdict_summary.hpp"

namespace tecs {
namespace {

class BatchCounts : public test::StoreUnderTest {
 protected:
  static constexpr std::uint64_t at_it = UINT64_MAX;  // another one is

  std::uint64_t waiting() { return count_batch_counts(database()).value(); }

  std::uint64_t add(SqlDatabase& store, std::uint64_t most) {
    std::uint64_t count = 0;
    EXPECT_TRUE(store.transaction([&] {
      return add_batch_counts(store, most).map([&](std::optional<std::uint64_t> added) {
        count = added.value_or(at_it);
      });
    }));
    return count;
  }
};

TEST_P(BatchCounts, AreAddedToTheTablesOnce) {
  for (unsigned batch = 0; batch < 5; ++batch)
    ASSERT_TRUE(verdict_store().write(test::varied_verdicts(batch * 100, 100)));
  EXPECT_EQ(waiting(), 5U);
  EXPECT_EQ(add(database(), 3), 3U) << "the oldest";
  EXPECT_EQ(waiting(), 2U);
  EXPECT_EQ(add(database(), 3), 2U);
  EXPECT_EQ(add(database(), 3), 0U);
  EXPECT_EQ(test::expect_counts_of_verdicts(database()), 500U);
}

TEST_P(BatchCounts, OfNothingAreNotKept) {
  const auto kept = keep_batch_counts(database(), {});
  ASSERT_TRUE(kept);
  EXPECT_FALSE(*kept);
  const auto batch = test::varied_verdicts(0, 10);
  ASSERT_TRUE(verdict_store().write(batch));
  ASSERT_TRUE(verdict_store().write(batch)) << "all of them were there";
  EXPECT_EQ(waiting(), 1U);
}

TEST_P(BatchCounts, ThatCannotBeReadArePutAside) {
  ASSERT_TRUE(verdict_store().write(test::varied_verdicts(0, 10)));
  ASSERT_TRUE(database().execute("UPDATE batch_counts SET counts = counts || 'x'"));
  ASSERT_TRUE(verdict_store().write(test::varied_verdicts(10, 10)));
  EXPECT_EQ(add(database(), 10), 2U);
  EXPECT_EQ(waiting(), 0U);
  EXPECT_EQ(add(database(), 10), 0U) << "they are looked at once";
  EXPECT_EQ(test::rows(database(), "batch_counts", {"aside"}), test::Rows{"1"});
  ASSERT_TRUE(
      database().execute("DELETE FROM verdicts WHERE id IN (SELECT id FROM verdicts ORDER BY id LIMIT 10)"));
  test::expect_sums_of_verdicts(database());
}

// As a verdict from a file may have it: PostgreSQL can tell whose fault it is at once.
TEST_P(BatchCounts, BeyondWhatARowMayHoldAreAddedAtOnce) {
  Verdict verdict = test::varied_verdict(1);
  verdict.reason = std::string(2'000, 'r');
  ASSERT_TRUE(verdict_store().write({&verdict, 1}));
  EXPECT_EQ(waiting(), 0U);
  EXPECT_EQ(test::expect_counts_of_verdicts(database()), 1U);
  std::string reason;
  for (unsigned i = 0; reason.size() < 10'000; ++i) reason += std::to_string(i * 7'919);
  verdict = test::varied_verdict(2);
  verdict.reason = reason;
  const auto written = verdict_store().write({&verdict, 1});
  if (GetParam() == SqlDialect::sqlite) {
    EXPECT_TRUE(written);
  } else {
    ASSERT_FALSE(written) << "too long for an index";
    EXPECT_EQ(written.error().reason, Reason::protocol_error);
  }
  test::expect_counts_of_verdicts(database());
}

// Whatever stands there already.
TEST_P(BatchCounts, NeverExceedWhatAColumnHolds) {
  ASSERT_TRUE(verdict_store().write(test::varied_verdicts(0, 10)));
  test::put_counts_into_tables(database());
  for (const std::string table : {"verdicts_hourly", "verdicts_daily", "verdicts_monthly"}) {
    ASSERT_TRUE(database().execute("UPDATE " + table +
                                   " SET connections = 9223372036854775807, bytes = "
                                   "9223372036854775807; UPDATE distributions_hourly SET connections = "
                                   "9223372036854775807"));
  }
  auto again = test::varied_verdicts(0, 10);
  for (unsigned i = 0; i < again.size(); ++i) again[i].id = test::varied_verdict(500 + i).id;
  ASSERT_TRUE(verdict_store().write(again));
  EXPECT_EQ(add(database(), 10), 1U);
  EXPECT_TRUE(summarize(database(), {}));
}

TEST_P(BatchCounts, AreAddedByOneAtATime) {
  ASSERT_TRUE(verdict_store().write(test::varied_verdicts(0, 10)));
  const auto other = open_verdict_database(name(), StoreMode::read_write).value();
  if (GetParam() == SqlDialect::sqlite) GTEST_SKIP() << "SQLite has one writer at a time";
  ASSERT_TRUE(database().transaction([&] {
    EXPECT_EQ(add_batch_counts(database(), 10), 1U);
    EXPECT_EQ(add(*other, 10), at_it);
    return Expected<void>{};
  }));
  EXPECT_EQ(test::expect_counts_of_verdicts(database()), 10U);
}

INSTANTIATE_TEST_SUITE_P(Engines, BatchCounts, test::both_engines, test::engine_name);

}  // namespace
}  // namespace tecs
