// Rows of batch_counts that no writer of this program made: a receiver's role may add any text.
#include <array>
#include <string>
#include <thread>

#include "unit/hand_clock.hpp"
#include "unit/verdicts/rollup_check.hpp"
#include "unit/verdicts/scripted_queue.hpp"
#include "unit/verdicts/store_under_test.hpp"
#include "unit/verdicts/varied_verdicts.hpp"
#include "verdicts/batch_counting.hpp"
#include "verdicts/batch_counts_text.hpp"
#include "verdicts/reputation_evidence.hpp"
#include "verdicts/verdict_forwarder.hpp"
#include "verdicts/verdict_summary.hpp"

namespace tecs {
namespace {

class BrokenBatches : public test::StoreUnderTest {
 protected:
  std::uint64_t count(const std::string& which) {
    return test::rows(database(), "batch_counts WHERE " + which, {"sequence"}).size();
  }

  // As many as make the next writer add, in every way in which one can be broken.
  std::uint64_t put_in() {
    const std::string most = std::to_string(INT64_MAX);
    const std::string h = "h490000;1:a1:b1;";
    const std::array<std::string, 7> texts{"perhaps",
                                           h + "1:c1:d" + most + ";" + most + ";" + most + ";" + most + ";" +
                                               most + ";" + most + ";" + most + ";",
                                           h + "1:c1:d-1;1;1;1;1;1;1;",
                                           h + "9999:" + std::string(9999, 'r') + "1:d1;1;1;1;1;1;1;",
                                           "h" + most + ";1:a1:b1;1:c1:d1;1;1;1;1;1;1;",
                                           "h490000;1:\xc3\xa9"
                                           "1:b1;1:c1:d1;1;1;1;1;1;1;",
                                           std::string(most_octets_of_batch_counts + 1, 'h')};
    std::uint64_t rows = 0;
    while (rows < BatchCounting::most_waiting + 20) {
      for (const std::string& text : texts) {
        // One of each that is long is enough.
        if (rows >= texts.size() && text.size() > 1000) continue;
        EXPECT_TRUE(database().change("INSERT INTO batch_counts (counts) VALUES ($1)",
                                      std::array<SqlValue, 1>{text}));
        ++rows;
      }
    }
    return rows;
  }

  std::uint64_t connections() {
    const auto rows = summarize(database(), {.by = SummaryKey::result});
    EXPECT_TRUE(rows) << rows.error().sentence;
    std::uint64_t sum = 0;
    for (const SummaryRow& row : rows.value_or(std::vector<SummaryRow>{})) sum += row.connections;
    return sum;
  }
};

TEST_P(BrokenBatches, KeepNothingFromBeingWritten) {
  ASSERT_TRUE(verdict_store().write(test::varied_verdicts(0, 10)));
  const std::uint64_t broken = put_in();
  EXPECT_EQ(connections(), 10U) << "before anybody has put them aside";
  // One by one, through a store that looks what is waiting.
  const auto store = open_verdict_store(name(), StoreMode::read_write).value();
  for (unsigned i = 10; i < 20; ++i) {
    const Verdict verdict = test::varied_verdict(i);
    const auto written = store->write({&verdict, 1});
    ASSERT_TRUE(written) << written.error().sentence;
  }
  EXPECT_EQ(connections(), 20U);
  EXPECT_EQ(test::expect_counts_of_verdicts(database()), 20U);
  EXPECT_EQ(count("aside = 1"), broken) << "they stay, for whoever wants to know";
  EXPECT_EQ(count("aside = 0"), 0U);
}

TEST_P(BrokenBatches, LoseNothingThatIsForwarded) {
  put_in();
  test::QueueScript queue;
  queue.add(0, 10);
  test::HandClock clock;
  VerdictForwarderOptions options;
  options.poll_time = options.first_retry = options.longest_retry = std::chrono::milliseconds{1};
  VerdictForwarder forwarder(
      VerdictForwarder::Parts{std::make_unique<test::ScriptedQueue>(queue),
                              [this] { return open_verdict_store(name(), StoreMode::read_write); },
                              "a database", std::make_shared<spdlog::logger>("test"), clock},
      options);
  while (forwarder.statistics().forwarded + forwarder.statistics().refused < 10) std::this_thread::yield();
  EXPECT_TRUE(forwarder.stop(std::chrono::minutes{1}));
  EXPECT_EQ(forwarder.statistics().refused, 0U);
  EXPECT_EQ(forwarder.statistics().failures, 0U);
  EXPECT_EQ(connections(), 10U);
  EXPECT_EQ(test::expect_counts_of_verdicts(database()), 10U);
}

TEST_P(BrokenBatches, AreInNoAnswer) {
  ASSERT_TRUE(verdict_store().write(test::varied_verdicts(0, 100)));
  const auto evidence = [&] {
    std::vector<std::pair<std::string, ReputationEvidence>> found;
    EXPECT_TRUE(read_all_evidence(database(), EvidenceScope::organizational_domain, {},
                                  [&](const std::string& domain, ReputationEvidence of) {
                                    found.emplace_back(domain, std::move(of));
                                    return true;
                                  }));
    return found;
  };
  const auto before = evidence();
  const auto scores = read_distribution(database(), Measure::score, {}, {}).value();
  const auto summary = summarize(database(), {}).value();
  EXPECT_FALSE(before.empty() || scores.empty() || summary.empty());
  put_in();
  EXPECT_EQ(evidence(), before);
  EXPECT_EQ(read_distribution(database(), Measure::score, {}, {}).value(), scores);
  EXPECT_EQ(summarize(database(), {}).value(), summary);
}

INSTANTIATE_TEST_SUITE_P(Engines, BrokenBatches, test::both_engines, test::engine_name);

}  // namespace
}  // namespace tecs
