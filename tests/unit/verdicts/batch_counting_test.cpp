#include "verdicts/batch_counting.hpp"

#include <thread>

#include "unit/verdicts/postgresql_server.hpp"
#include "unit/verdicts/rollup_check.hpp"
#include "unit/verdicts/store_under_test.hpp"
#include "unit/verdicts/varied_verdicts.hpp"
#include "verdicts/batch_counts.hpp"
#include "verdicts/reputation_evidence.hpp"
#include "verdicts/verdict_summary.hpp"

namespace tecs {
namespace {

class BatchCountingOfAStore : public test::StoreUnderTest {
 protected:
  std::uint64_t waiting() { return count_batch_counts(database()).value(); }

  void write_one(VerdictStore& store, unsigned number) {
    const Verdict verdict = test::varied_verdict(number);
    ASSERT_TRUE(store.write({&verdict, 1}));
  }
};

TEST_P(BatchCountingOfAStore, MakesRoomWhenEnoughIsWaiting) {
  for (unsigned i = 0; i < BatchCounting::most_waiting; ++i) write_one(verdict_store(), i);
  EXPECT_EQ(waiting(), BatchCounting::most_waiting);
  write_one(verdict_store(), 1000);
  EXPECT_EQ(waiting(), 1U);
  EXPECT_EQ(test::expect_counts_of_verdicts(database()), BatchCounting::most_waiting + 1);
}

// As those do that only live for a moment.
TEST_P(BatchCountingOfAStore, MakesRoomWhoeverWrote) {
  for (unsigned i = 0; i < 4; ++i) {
    const auto store = open_verdict_store(name(), StoreMode::read_write).value();
    for (unsigned j = 0; j < BatchCounting::most_waiting / 2; ++j) write_one(*store, i * 1000 + j);
    EXPECT_LE(waiting(), BatchCounting::most_waiting);
  }
  EXPECT_EQ(test::expect_counts_of_verdicts(database()), 2 * BatchCounting::most_waiting);
}

TEST_P(BatchCountingOfAStore, LosesNothingWhenThereAreSeveralWriters) {
  constexpr unsigned writers = 3, batches = 300;
  {
    static_cast<void>(verdict_store());
    std::vector<std::jthread> threads;
    for (unsigned writer = 0; writer < writers; ++writer) {
      threads.emplace_back([&, writer] {
        const auto store = open_verdict_store(name(), StoreMode::read_write).value();
        for (unsigned i = 0; i < batches; ++i) {
          const auto batch = test::varied_verdicts((writer * batches + i) * 4, 4);
          EXPECT_TRUE(store->write(batch));
        }
      });
    }
  }
  // What came while one of them added is added by the next that writes, whoever it is.
  write_one(*open_verdict_store(name(), StoreMode::read_write).value(), 1'000'000);
  EXPECT_LE(waiting(), BatchCounting::most_waiting);
  EXPECT_EQ(test::expect_counts_of_verdicts(database()), std::size_t{writers} * batches * 4 + 1);
}

TEST_P(BatchCountingOfAStore, TriesAgainWhenAnotherOneIsAtIt) {
  if (GetParam() == SqlDialect::sqlite) GTEST_SKIP() << "SQLite has one writer at a time";
  const auto other = open_verdict_database(name(), StoreMode::read_write).value();
  for (unsigned i = 0; i < BatchCounting::most_waiting; ++i) write_one(verdict_store(), i);
  ASSERT_TRUE(other->transaction([&] {
    EXPECT_EQ(add_batch_counts(*other, 1), 1U);
    for (unsigned i = 0; i < 10; ++i) write_one(verdict_store(), 1000 + i);
    return Expected<void>{};
  }));
  EXPECT_EQ(waiting(), BatchCounting::most_waiting - 1 + 10);
  write_one(verdict_store(), 2000);
  EXPECT_EQ(waiting(), 1U) << "it did not take them for added";
  EXPECT_EQ(test::expect_counts_of_verdicts(database()), BatchCounting::most_waiting + 11);
}

// However many others left, as those do that were stopped.
TEST_P(BatchCountingOfAStore, MakesRoomWhenThereIsMoreThanOneAddTakes) {
  for (unsigned i = 0; i < 5; ++i) write_one(verdict_store(), i);
  const std::string more = "INSERT INTO batch_counts (counts) SELECT counts FROM batch_counts";
  for (unsigned doubled = 0; doubled < 7; ++doubled) ASSERT_TRUE(database().execute(more));
  ASSERT_GT(waiting(), 4 * BatchCounting::most_waiting);
  write_one(*open_verdict_store(name(), StoreMode::read_write).value(), 1000);
  EXPECT_LE(waiting(), BatchCounting::most_waiting);
}

// The server's own trouble with them, as when rights are missing: the verdicts that come now are not to
// blame.
TEST_P(BatchCountingOfAStore, NeverBlamesTheVerdictsForWhatOthersLeft) {
  for (unsigned i = 0; i < BatchCounting::most_waiting; ++i) write_one(verdict_store(), i);
  ASSERT_TRUE(database().execute(
      GetParam() == SqlDialect::sqlite
          ? "CREATE TRIGGER refuse BEFORE UPDATE ON verdicts_hourly BEGIN SELECT RAISE(ABORT, 'no'); END; "
            "CREATE TRIGGER refuse_new BEFORE INSERT ON verdicts_hourly BEGIN SELECT RAISE(ABORT, 'no'); END"
          : "ALTER TABLE verdicts_hourly ADD CONSTRAINT refuse CHECK (connections < 0)"));
  const Verdict verdict = test::varied_verdict(1000);
  const auto written = verdict_store().write({&verdict, 1});
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().reason, Reason::io_error);
}

// After a connection was lost the database may be another one, or an earlier state of it.
TEST_P(BatchCountingOfAStore, KnowsNothingOfANewConnection) {
  if (GetParam() == SqlDialect::sqlite) GTEST_SKIP() << "SQLite has no connections";
  write_one(verdict_store(), 1);
  ASSERT_EQ(test::rows(database(), "known_domains", {"domain"}).size(), 1U);
  ASSERT_TRUE(
      database().execute("DELETE FROM known_domains; DELETE FROM batch_counts; DELETE FROM verdicts"));
  test::PostgresqlServer::execute(test::PostgresqlServer::name("postgres"),
                                  "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> "
                                  "pg_backend_pid() AND backend_type = 'client backend'");
  const Verdict verdict = test::varied_verdict(1);
  while (!verdict_store().write({&verdict, 1})) {
  }
  const auto another = open_verdict_database(name(), StoreMode::read_write).value();
  EXPECT_EQ(test::rows(*another, "known_domains", {"domain"}).size(), 1U);
}

// Whoever asks does not see whether a batch is in the tables.
TEST_P(BatchCountingOfAStore, ChangesNoAnswer) {
  ASSERT_TRUE(verdict_store().write(test::varied_verdicts(0, 300)));
  test::put_counts_into_tables(database());
  std::vector<Verdict> more = test::varied_verdicts(300, 300);
  for (Verdict& verdict : more) verdict.messages = 150;  // more than count for a connection
  ASSERT_TRUE(verdict_store().write(more));

  constexpr std::chrono::sys_days since{std::chrono::year{2025} / 1 / 1};
  const auto evidence = [&] {
    std::vector<std::pair<std::string, ReputationEvidence>> found;
    for (const auto scope : {EvidenceScope::domain, EvidenceScope::organizational_domain}) {
      const std::size_t first = found.size();
      EXPECT_TRUE(
          read_all_evidence(database(), scope, since, [&](const std::string& domain, ReputationEvidence of) {
            found.emplace_back(domain, std::move(of));
            return true;
          }));
      for (std::size_t i = first; i < found.size(); ++i)
        EXPECT_EQ(read_evidence(database(), found[i].first, scope, since), found[i].second);
    }
    return found;
  };
  const auto before = evidence();
  const auto by_domain = summarize(database(), {}).value();
  EXPECT_GT(before.size(), 30U);
  EXPECT_EQ(waiting(), 1U);
  test::put_counts_into_tables(database());
  EXPECT_EQ(evidence(), before);
  EXPECT_EQ(summarize(database(), {}).value(), by_domain);
}

INSTANTIATE_TEST_SUITE_P(Engines, BatchCountingOfAStore, test::both_engines, test::engine_name);

}  // namespace
}  // namespace tecs
