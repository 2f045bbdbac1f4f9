// A store of the version before, brought to this one, gives the same answers. What older ones had is in
// sqlite_schema_test.cpp.
#include <gmock/gmock.h>

#include "unit/verdicts/rollup_check.hpp"
#include "unit/verdicts/store_under_test.hpp"
#include "unit/verdicts/varied_verdicts.hpp"
#include "verdicts/known_domain.hpp"
#include "verdicts/postgres_verdict_store.hpp"
#include "verdicts/verdict_summary.hpp"

namespace tecs {
namespace {

class StoreMigration : public test::StoreUnderTest {
 protected:
  // Version 3 counted into its tables at once, had no months, and the time of a domain's last pass.
  void make_version_3() {
    test::put_counts_into_tables(database());
    const std::string set_version =
        GetParam() == SqlDialect::sqlite ? "PRAGMA user_version = 3" : "UPDATE tecs_schema SET version = 3";
    const auto made = database().execute(
        "DROP TABLE verdicts_monthly; DROP TABLE batch_counts; ALTER TABLE pruned_times RENAME TO pruned; "
        "UPDATE known_domains SET last = (SELECT max(time) FROM verdicts WHERE result = 'pass' AND "
        "verdicts.domain = known_domains.domain); " +
        set_version);
    ASSERT_TRUE(made) << made.error().sentence;
  }
};

TEST_P(StoreMigration, OfVersion3GivesTheSameAnswers) {
  std::vector<Verdict> verdicts = test::varied_verdicts(0, 600);
  for (unsigned i = 0; i < verdicts.size(); ++i) verdicts[i].time += std::chrono::days{i % 100};
  ASSERT_TRUE(verdict_store().write(verdicts));
  const auto by_domain = summarize(database(), {}).value();
  const auto by_day = summarize(database(), {.by = SummaryKey::day}).value();
  const auto known = find_new_domains(database(), {}, 1000).value();
  make_version_3();
  ASSERT_NE(test::rows(database(), "known_domains", {"last"}).front().substr(11), "00:00:00.000Z");

  const auto reader = open_verdict_database(name(), StoreMode::read_only);
  ASSERT_FALSE(reader);
  EXPECT_THAT(reader.error().sentence, testing::HasSubstr("made by an older version of TECS"));
  const auto migrated = open_verdict_database(name(), StoreMode::read_write);
  ASSERT_TRUE(migrated) << migrated.error().sentence;
  EXPECT_EQ(summarize(**migrated, {}).value(), by_domain);
  EXPECT_EQ(summarize(**migrated, {.by = SummaryKey::day}).value(), by_day);
  EXPECT_EQ(find_new_domains(**migrated, {}, 1000).value(), known);
  EXPECT_EQ(test::expect_counts_of_verdicts(**migrated), 600U);
  const auto store = open_verdict_store(name(), StoreMode::read_write).value();
  ASSERT_TRUE(store->write(verdicts));
  ASSERT_TRUE(store->write(test::varied_verdicts(600, 100)));
  EXPECT_EQ(test::expect_counts_of_verdicts(**migrated), 700U);
}

// What it writes goes through this table, whose name the statement of that version has.
TEST_P(StoreMigration, StopsWritersOfVersion3) {
  const std::string looks = "SELECT time FROM pruned WHERE what = 'verdicts'";
  make_version_3();
  ASSERT_TRUE(database().query(looks, {}, [](const SqlRow&) { return true; }));
  ASSERT_TRUE(open_verdict_database(name(), StoreMode::read_write));
  const auto looked = database().query(looks, {}, [](const SqlRow&) { return true; });
  ASSERT_FALSE(looked);
  EXPECT_EQ(looked.error().reason, Reason::io_error) << "so that whoever forwards tries again";
}

// A writer's limits are not for this: it takes as long as it takes.
TEST_P(StoreMigration, MayTakeLongerThanAWriterWaits) {
  if (GetParam() == SqlDialect::sqlite) GTEST_SKIP() << "SQLite has no limits";
  make_version_3();
  ASSERT_TRUE(database().execute(
      "ALTER TABLE verdicts_daily RENAME TO days; CREATE VIEW verdicts_daily AS "
      "SELECT days.* FROM (SELECT pg_sleep(1.5)) AS slow LEFT JOIN days ON true WHERE start IS NOT NULL"));
  const PostgresOptions impatient{.statement_timeout = std::chrono::seconds{1},
                                  .longest_silence = std::chrono::seconds{1}};
  const auto store = PostgresVerdictStore::open(name(), StoreMode::read_write, impatient);
  EXPECT_TRUE(store) << store.error().sentence;
}

INSTANTIATE_TEST_SUITE_P(Engines, StoreMigration, test::both_engines, test::engine_name);

}  // namespace
}  // namespace tecs
