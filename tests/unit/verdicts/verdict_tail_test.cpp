#include "verdicts/verdict_tail.hpp"

#include "unit/verdicts/store_under_test.hpp"
#include "unit/verdicts/verdict_samples.hpp"
#include "verdicts/verdict_store_select.hpp"

namespace tecs {
namespace {

class VerdictTailTest : public test::StoreUnderTest {
 protected:
  void arrive(std::initializer_list<unsigned> numbers) {
    std::vector<Verdict> verdicts;
    for (const unsigned number : numbers) verdicts.push_back(test::numbered_verdict(number));
    const auto written = verdict_store().write(verdicts);
    ASSERT_TRUE(written) << written.error().sentence;
  }
  VerdictTail::Visit note() {
    return [this](const Verdict& verdict) {
      seen_ += verdict.id.back();
      return true;
    };
  }
  std::string last(VerdictTail& tail, std::size_t count) {
    seen_.clear();
    const auto visited = tail.visit_last(count, note());
    EXPECT_TRUE(visited) << visited.error().sentence;
    return seen_;
  }
  std::string fresh(VerdictTail& tail) {
    seen_.clear();
    const auto visited = tail.visit_new(note());
    EXPECT_TRUE(visited) << visited.error().sentence;
    return seen_;
  }

  std::string seen_;
};

INSTANTIATE_TEST_SUITE_P(Engines, VerdictTailTest, test::both_engines, test::engine_name);

TEST_P(VerdictTailTest, TheLastAreThoseThatArrivedLast) {
  // Not in the order of their times.
  arrive({5});
  arrive({3});
  arrive({4});
  arrive({1});
  VerdictTail tail(database());
  EXPECT_EQ(last(tail, 1), "1");
  EXPECT_EQ(last(tail, 3), "341");
  EXPECT_EQ(last(tail, 4), "5341");
  EXPECT_EQ(last(tail, 100), "5341");
  EXPECT_EQ(last(tail, 1'000'000'000), "5341");
  EXPECT_EQ(last(tail, 0), "");
}

TEST_P(VerdictTailTest, SeesEachNewOneOnce) {
  arrive({2});
  VerdictTail tail(database());
  EXPECT_EQ(last(tail, 10), "2");
  EXPECT_EQ(fresh(tail), "");
  arrive({1});
  EXPECT_EQ(fresh(tail), "1");
  EXPECT_EQ(fresh(tail), "");
  arrive({4});
  arrive({3});
  EXPECT_EQ(fresh(tail), "43");
  EXPECT_EQ(fresh(tail), "");
}

TEST_P(VerdictTailTest, WhatWasNotShownAtTheBeginningIsNotNew) {
  arrive({1, 2, 3});
  VerdictTail tail(database());
  EXPECT_EQ(last(tail, 1).size(), 1U);
  EXPECT_EQ(fresh(tail), "");
  EXPECT_EQ(last(tail, 0), "");
  EXPECT_EQ(fresh(tail), "");
}

TEST_P(VerdictTailTest, BeginsWithAnEmptyStore) {
  VerdictTail tail(database());
  EXPECT_EQ(last(tail, 10), "");
  EXPECT_EQ(fresh(tail), "");
  arrive({7});
  EXPECT_EQ(fresh(tail), "7");
  EXPECT_EQ(fresh(tail), "");
}

TEST_P(VerdictTailTest, AVerdictThatComesAgainIsNotNew) {
  arrive({1});
  VerdictTail tail(database());
  EXPECT_EQ(last(tail, 1), "1");
  arrive({1});
  EXPECT_EQ(fresh(tail), "");
  arrive({1, 2});
  EXPECT_EQ(fresh(tail), "2");
}

TEST_P(VerdictTailTest, StopsWhenTheVisitorHasSeenEnough) {
  arrive({1});
  arrive({2});
  VerdictTail tail(database());
  int visits = 0;
  ASSERT_TRUE(tail.visit_last(2, [&](const Verdict&) { return ++visits < 1; }));
  EXPECT_EQ(visits, 1);
}

TEST_P(VerdictTailTest, FindsTheLastAmongThousands) {
  std::vector<Verdict> many;
  for (unsigned number = 1; number <= 6'000; ++number) many.push_back(test::numbered_verdict(number));
  ASSERT_TRUE(verdict_store().write(many));
  VerdictTail tail(database());
  EXPECT_EQ(last(tail, 3).size(), 3U);
  EXPECT_EQ(last(tail, 2'500).size(), 2'500U);
  EXPECT_EQ(last(tail, 5'999).size(), 5'999U);
  EXPECT_EQ(fresh(tail), "");
}

// SQLite has one at a time.
class VerdictTailOfSeveralWriters : public VerdictTailTest {};

INSTANTIATE_TEST_SUITE_P(Engines, VerdictTailOfSeveralWriters, testing::Values(SqlDialect::postgresql),
                         test::engine_name);

// Writers take their numbers when they insert, and are seen when they commit.
TEST_P(VerdictTailOfSeveralWriters, SeesWhatCommitsAfterOneThatCameLater) {
  arrive({1});
  VerdictTail tail(database());
  EXPECT_EQ(last(tail, 1), "1");
  const auto slow = open_verdict_database(name(), StoreMode::read_write);
  ASSERT_TRUE(slow) << slow.error().sentence;
  const auto committed = (*slow)->transaction([&]() -> Expected<void> {
    std::string columns = verdict_columns();
    const std::string others = columns.substr(columns.find(", "));
    return (*slow)
        ->change("INSERT INTO verdicts (" + columns + ") SELECT '0190163d-8694-739b-aea5-000000000002'" +
                 others + " FROM verdicts")
        .and_then([&](std::uint64_t rows) -> Expected<void> {
          EXPECT_EQ(rows, 1U);
          arrive({3});
          EXPECT_EQ(fresh(tail), "3");
          return {};
        });
  });
  ASSERT_TRUE(committed) << committed.error().sentence;
  EXPECT_EQ(fresh(tail), "2");
  EXPECT_EQ(fresh(tail), "");
}

// A reader that stalls keeps nothing open, and what comes meanwhile is visited in its turn.
TEST_P(VerdictTailTest, NoStatementIsOpenWhileAVerdictIsVisited) {
  std::vector<Verdict> verdicts;
  for (unsigned i = 0; i < verdict_page_size + 10; ++i) verdicts.push_back(test::numbered_verdict(i));
  ASSERT_TRUE(verdict_store().write(verdicts));
  const bool sqlite = GetParam() == SqlDialect::sqlite;
  VerdictTail tail(database());
  std::vector<Verdict> visited;
  const auto read = tail.visit_last(verdicts.size(), [&](const Verdict& verdict) {
    visited.push_back(verdict);
    if (visited.size() % 1'000 == 1) {
      const auto done = database().execute(sqlite ? "PRAGMA wal_checkpoint(TRUNCATE)" : "SELECT 1");
      EXPECT_TRUE(done) << done.error().sentence;
    }
    if (visited.size() == 1) arrive({9'000});
    return true;
  });
  ASSERT_TRUE(read) << read.error().sentence;
  verdicts.push_back(test::numbered_verdict(9'000));
  EXPECT_EQ(visited, verdicts);
  EXPECT_EQ(fresh(tail), "");
}

}  // namespace
}  // namespace tecs
