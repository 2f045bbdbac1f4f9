// What holds of a verdict store whatever engine keeps it.
#include <algorithm>
#include <array>
#include <latch>
#include <thread>
#include <vector>

#include "unit/verdicts/rollup_check.hpp"
#include "unit/verdicts/store_under_test.hpp"
#include "unit/verdicts/varied_verdicts.hpp"

namespace tecs {
namespace {

using test::numbered_verdict;
using test::varied_verdicts;

class VerdictStoreContract : public test::StoreUnderTest {
 protected:
  std::vector<Verdict> select(const VerdictQuery& query = {}) {
    std::vector<Verdict> found;
    const auto read = verdict_store().select(query, [&](const Verdict& verdict) {
      found.push_back(verdict);
      return true;
    });
    EXPECT_TRUE(read) << read.error().sentence;
    return found;
  }

  // Runs work(0), work(1), ... at the same time, each in a thread of its own.
  template <typename Work>
  static void at_once(unsigned count, Work work) {
    std::latch start(count);
    std::vector<Expected<void>> outcomes(count);
    {
      std::vector<std::jthread> threads;
      for (unsigned i = 0; i < count; ++i) {
        threads.emplace_back([&, i] {
          start.arrive_and_wait();
          outcomes[i] = work(i);
        });
      }
    }
    for (const auto& outcome : outcomes) EXPECT_TRUE(outcome) << outcome.error().sentence;
  }
};

TEST_P(VerdictStoreContract, GivesBackEveryField) {
  Verdict bare;
  bare.id = "bare";
  const std::vector<Verdict> verdicts{test::full_verdict(), bare};
  ASSERT_TRUE(verdict_store().write(verdicts));
  EXPECT_EQ(select(), verdicts);
}

TEST_P(VerdictStoreContract, CountsWhatItHas) {
  const std::vector<Verdict> verdicts = varied_verdicts(0, 1'000);
  const auto written = verdict_store().write(verdicts);
  ASSERT_TRUE(written) << written.error().sentence;
  EXPECT_EQ(test::expect_counts_of_verdicts(database()), 1'000U);
}

TEST_P(VerdictStoreContract, CountsAVerdictOnceHoweverOftenItIsWritten) {
  ASSERT_TRUE(verdict_store().write(varied_verdicts(0, 100)));
  ASSERT_TRUE(verdict_store().write(varied_verdicts(0, 100)));
  ASSERT_TRUE(verdict_store().write(varied_verdicts(50, 100)));
  EXPECT_EQ(test::expect_counts_of_verdicts(database()), 150U);
}

TEST_P(VerdictStoreContract, TheFirstOfAnIdStays) {
  std::vector<Verdict> verdicts{numbered_verdict(2), numbered_verdict(1), numbered_verdict(2)};
  verdicts[2].helo = "another.example";
  ASSERT_TRUE(verdict_store().write(verdicts));
  verdicts[1].helo = "a third.example";
  ASSERT_TRUE(verdict_store().write(verdicts));
  EXPECT_EQ(select(), (std::vector{numbered_verdict(2), numbered_verdict(1)}));
  EXPECT_EQ(test::expect_counts_of_verdicts(database()), 2U);
}

TEST_P(VerdictStoreContract, WritesNothingAtAll) {
  EXPECT_TRUE(verdict_store().write({}));
  EXPECT_TRUE(select().empty());
}

TEST_P(VerdictStoreContract, AKnownDomainKeepsItsFirstPassAndItsLast) {
  std::vector<Verdict> verdicts{numbered_verdict(5), numbered_verdict(3), numbered_verdict(9)};
  for (Verdict& verdict : verdicts) {
    verdict.result = Result::pass;
    ASSERT_TRUE(verdict_store().write(std::span(&verdict, 1)));
  }
  EXPECT_EQ(test::expect_counts_of_verdicts(database()), 3U);
}

TEST_P(VerdictStoreContract, KeepsWhatLooksLikeSql) {
  Verdict verdict = test::full_verdict();
  verdict.helo = "a'; DROP TABLE verdicts; --\\N\t\n\\";
  verdict.domain = "\\N";
  verdict.reason = "";
  ASSERT_TRUE(verdict_store().write(std::span(&verdict, 1)));
  EXPECT_EQ(select(), std::vector{verdict});
  EXPECT_EQ(test::expect_counts_of_verdicts(database()), 1U);
}

TEST_P(VerdictStoreContract, SelectsTheNewestFirst) {
  std::vector<Verdict> verdicts;
  for (unsigned i = 0; i < 6; ++i) verdicts.push_back(numbered_verdict(i));
  verdicts[1].domain = "other.example";
  verdicts[1].organizational_domain = "other.example";
  verdicts[2].result = Result::pass;
  verdicts[3].result = Result::pass;
  verdicts[3].reason = "replay";
  verdicts[4].domain = "";
  verdicts[4].receiver = "mx2.example.net";
  verdicts[5].time = verdicts[4].time;
  verdicts[5].client_network = "192.0.2.0/24";
  ASSERT_TRUE(verdict_store().write(
      std::vector{verdicts[5], verdicts[1], verdicts[4], verdicts[0], verdicts[3], verdicts[2]}));

  struct Row {
    std::string_view name;
    VerdictQuery query;
    std::vector<unsigned> want;
  };
  for (const Row& row : {
           Row{"all; of one millisecond the larger id first", {}, {5, 4, 3, 2, 1, 0}},
           Row{"since, that millisecond too", {.since = verdicts[3].time}, {5, 4, 3}},
           Row{"until, not that millisecond", {.until = verdicts[3].time}, {2, 1, 0}},
           Row{"domain in upper case", {.domain = "OTHER.Example"}, {1}},
           Row{"organizational domain", {.organizational_domain = "Other.example"}, {1}},
           Row{"no domain", {.domain = ""}, {4}},
           Row{"result", {.result = Result::pass}, {3, 2}},
           Row{"reason", {.reason = "replay"}, {3}},
           Row{"receiver", {.receiver = "mx2.example.net"}, {4}},
           Row{"network", {.network = "192.0.2.0/24"}, {5}},
           Row{"id", {.id = verdicts[3].id}, {3}},
           Row{"an id that nothing has", {.id = verdicts[3].id + "0"}, {}},
           Row{"limit", {.limit = 2}, {5, 4}},
           Row{"limit of none", {.limit = 0}, {}},
           Row{"limit beyond all", {.limit = SIZE_MAX}, {5, 4, 3, 2, 1, 0}},
       }) {
    std::vector<Verdict> want;
    for (const unsigned i : row.want) want.push_back(verdicts[i]);
    EXPECT_EQ(select(row.query), want) << row.name;
  }
}

TEST_P(VerdictStoreContract, StopsWhenTheVisitorHasEnough) {
  ASSERT_TRUE(verdict_store().write(varied_verdicts(0, 3'000)));
  unsigned seen = 0;
  ASSERT_TRUE(verdict_store().select({}, [&](const Verdict&) { return ++seen < 2; }));
  EXPECT_EQ(seen, 2U);
  EXPECT_EQ(select().size(), 3'000U);
}

TEST_P(VerdictStoreContract, AReaderDoesNotWrite) {
  static_cast<void>(verdict_store());
  auto reader = open_verdict_store(name(), StoreMode::read_only);
  ASSERT_TRUE(reader) << reader.error().sentence;
  const auto written = (*reader)->write(varied_verdicts(0, 1));
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().sentence, "this verdict store was opened for reading");
  auto tables = open_verdict_database(name(), StoreMode::read_only);
  ASSERT_TRUE(tables) << tables.error().sentence;
  EXPECT_FALSE((*tables)->execute("DELETE FROM verdicts"));
}

TEST_P(VerdictStoreContract, WritersOfTheSameVerdictsCountThemOnce) {
  static_cast<void>(verdict_store());
  at_once(4, [&](unsigned) {
    return open_verdict_store(name(), StoreMode::read_write).and_then([&](auto store) -> Expected<void> {
      Expected<void> written;
      for (unsigned batch = 0; batch < 5 && written; ++batch)
        written = store->write(varied_verdicts(batch * 100, 200));
      return written;
    });
  });
  EXPECT_EQ(test::expect_counts_of_verdicts(database()), 600U);
}

// Each has them in another order, and the order of the domains is not that of the ids.
TEST_P(VerdictStoreContract, WritersOfTheSameDomainsDoNotBlockEachOtherForGood) {
  at_once(6, [&](unsigned writer) {
    return open_verdict_store(name(), StoreMode::read_write).and_then([&](auto store) -> Expected<void> {
      Expected<void> written;
      for (unsigned batch = 0; batch < 8 && written; ++batch) {
        std::vector<Verdict> verdicts = varied_verdicts((writer * 8 + batch) * 60, 60);
        if (writer % 2 == 1) std::ranges::reverse(verdicts);
        written = store->write(verdicts);
      }
      return written;
    });
  });
  EXPECT_EQ(test::expect_counts_of_verdicts(database()), 6U * 8 * 60);
}

TEST_P(VerdictStoreContract, ReadingNeedsAStore) {
  const auto missing = open_verdict_store(name(), StoreMode::read_only);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().reason, Reason::io_error);
  EXPECT_FALSE(open_verdict_database(name(), StoreMode::read_only));
}

INSTANTIATE_TEST_SUITE_P(Engines, VerdictStoreContract, test::both_engines, test::engine_name);

}  // namespace
}  // namespace tecs
