#include "verdicts/verdict_writer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <thread>
#include <vector>

#include "unit/hand_clock.hpp"
#include "unit/verdicts/scripted_store.hpp"
#include "unit/verdicts/sqlite_file.hpp"
#include "unit/verdicts/temporary_directory.hpp"
#include "unit/verdicts/verdict_samples.hpp"
#include "verdicts/sqlite_verdict_store.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;
using test::HandClock;
using test::LogLines;
using test::numbered_verdict;
using test::ScriptedStore;
using test::StoreScript;
using testing::ElementsAre;
using testing::HasSubstr;

class Writer : public testing::Test {
 protected:
  std::unique_ptr<VerdictWriter> make(VerdictWriterOptions options) {
    options.first_retry = std::min(options.first_retry, options.longest_retry);
    return std::make_unique<VerdictWriter>(std::make_unique<ScriptedStore>(script), log, clock, options);
  }

  static VerdictWriterOptions quick() {
    VerdictWriterOptions options;
    options.gather_time = 0ms;
    options.first_retry = 1ms;
    options.longest_retry = 1ms;
    return options;
  }

  static std::vector<std::string> ids(unsigned count) {
    std::vector<std::string> wanted;
    for (unsigned i = 0; i < count; ++i) wanted.push_back(numbered_verdict(i).id);
    return wanted;
  }

  StoreScript script;
  HandClock clock;
  std::shared_ptr<LogLines> lines = std::make_shared<LogLines>();
  std::shared_ptr<spdlog::logger> log = std::make_shared<spdlog::logger>("test", lines);
};

TEST_F(Writer, WritesInOrderAndStopsEmpty) {
  const auto writer = make(quick());
  for (unsigned i = 0; i < 100; ++i) EXPECT_TRUE(writer->add(numbered_verdict(i)));
  EXPECT_TRUE(writer->stop(10s));
  EXPECT_EQ(script.ids(), ids(100));
  const auto statistics = writer->statistics();
  EXPECT_EQ(statistics.queued, 0U);
  EXPECT_EQ(statistics.written, 100U);
  EXPECT_EQ(statistics.dropped, 0U);
  EXPECT_TRUE(lines->lines().empty());
}

TEST_F(Writer, WritesWithoutWaitingForMore) {
  const auto writer = make(quick());
  for (unsigned i = 0; i < 200; ++i) {
    writer->add(numbered_verdict(i));
    script.wait_for_attempts(i + 1);
  }
  EXPECT_TRUE(writer->stop(10s));
}

TEST_F(Writer, WithNothingToWriteStopsAtOnce) {
  const auto writer = make(quick());
  EXPECT_TRUE(writer->stop(0ms));
  EXPECT_TRUE(script.batch_sizes().empty());
}

TEST_F(Writer, GathersVerdictsIntoOneTransaction) {
  auto options = quick();
  options.gather_time = 1h;
  const auto writer = make(options);
  for (unsigned i = 0; i < 7; ++i) writer->add(numbered_verdict(i));
  EXPECT_TRUE(writer->stop(10s)) << "the stop must not wait for the hour";
  EXPECT_THAT(script.batch_sizes(), ElementsAre(7U));
}

TEST_F(Writer, WritesWhenABatchIsFull) {
  auto options = quick();
  options.gather_time = 1h;
  options.maximum_batch = 3;
  const auto writer = make(options);
  for (unsigned i = 0; i < 7; ++i) writer->add(numbered_verdict(i));
  script.wait_for_attempts(2);  // before the hour is over
  EXPECT_TRUE(writer->stop(10s));
  EXPECT_THAT(script.batch_sizes(), ElementsAre(3U, 3U, 1U));
  EXPECT_EQ(script.ids(), ids(7));
}

TEST_F(Writer, NeverWaitsForTheStore) {
  script.block_from_now();
  const auto writer = make(quick());
  writer->add(numbered_verdict(0));
  script.wait_for_attempts(1);
  for (unsigned i = 1; i < 50; ++i) EXPECT_TRUE(writer->add(numbered_verdict(i)));
  EXPECT_EQ(writer->statistics().queued, 50U);
  script.succeed_from_now();
  EXPECT_TRUE(writer->stop(10s));
  EXPECT_EQ(script.ids(), ids(50));
}

TEST_F(Writer, KeepsABatchThatCouldNotBeWritten) {
  script.fail_from_now();
  const auto writer = make(quick());
  for (unsigned i = 0; i < 10; ++i) writer->add(numbered_verdict(i));
  script.wait_for_attempts(5);
  EXPECT_EQ(writer->statistics().queued, 10U);
  script.succeed_from_now();
  EXPECT_TRUE(writer->stop(10s));
  EXPECT_EQ(script.ids(), ids(10));
  EXPECT_THAT(lines->lines(), ElementsAre("verdicts cannot be written and are kept for now: the disk is full",
                                          "verdicts are written again"));
}

TEST_F(Writer, KeepsVerdictsWhenTheStoreFindsNoMemory) {
  script.run_out_of_memory_from_now();
  const auto writer = make(quick());
  for (unsigned i = 0; i < 10; ++i) writer->add(numbered_verdict(i));
  script.wait_for_attempts(5);
  EXPECT_EQ(writer->statistics().queued, 10U);
  script.succeed_from_now();
  EXPECT_TRUE(writer->stop(10s));
  EXPECT_EQ(script.ids(), ids(10));
  EXPECT_THAT(lines->lines(), ElementsAre("verdicts cannot be written and are kept for now: out of memory",
                                          "verdicts are written again"));
}

TEST_F(Writer, SaysSoOncePerInterval) {
  script.fail_from_now();
  const auto writer = make(quick());
  writer->add(numbered_verdict(0));
  script.wait_for_attempts(10);
  EXPECT_EQ(lines->lines().size(), 1U);
  clock.advance(61s);
  while (lines->lines().size() < 2) std::this_thread::yield();
  script.wait_for_further_attempts(10);
  EXPECT_EQ(lines->lines().size(), 2U);
  script.succeed_from_now();
  EXPECT_TRUE(writer->stop(10s));
}

TEST_F(Writer, DropsTheNewestWhenTheQueueIsFull) {
  script.block_from_now();
  auto options = quick();
  options.maximum_queued = 5;
  const auto writer = make(options);
  writer->add(numbered_verdict(0));
  script.wait_for_attempts(1);  // what is being written counts as queued
  for (unsigned i = 1; i < 5; ++i) EXPECT_TRUE(writer->add(numbered_verdict(i)));
  EXPECT_FALSE(writer->add(numbered_verdict(5)));
  EXPECT_FALSE(writer->add(numbered_verdict(6)));
  EXPECT_EQ(writer->statistics().dropped, 2U);
  EXPECT_THAT(lines->lines(), ElementsAre("verdicts are dropped, 1 so far: 5 wait to be written"));
  clock.advance(61s);
  EXPECT_FALSE(writer->add(numbered_verdict(7)));
  EXPECT_THAT(lines->lines().back(), HasSubstr("3 so far"));
  script.succeed_from_now();
  EXPECT_TRUE(writer->stop(10s)) << "all that was accepted was written";
  EXPECT_EQ(script.ids(), ids(5));
}

TEST_F(Writer, AcceptsNothingAfterTheStop) {
  const auto writer = make(quick());
  EXPECT_TRUE(writer->stop(10s));
  EXPECT_FALSE(writer->add(numbered_verdict(0)));
  EXPECT_TRUE(writer->stop(10s));
  EXPECT_EQ(writer->statistics().dropped, 1U);
}

TEST_F(Writer, GivesUpAtTheDeadlineAndCounts) {
  script.fail_from_now();
  const auto writer = make(quick());
  for (unsigned i = 0; i < 3; ++i) writer->add(numbered_verdict(i));
  script.wait_for_attempts(1);
  EXPECT_FALSE(writer->stop(20ms));
  EXPECT_FALSE(writer->stop(10s)) << "the second answer is the first";
}

TEST_F(Writer, LogsWhatItGaveUp) {
  script.fail_from_now();
  auto writer = make(quick());
  for (unsigned i = 0; i < 3; ++i) writer->add(numbered_verdict(i));
  EXPECT_FALSE(writer->stop(20ms));
  writer.reset();
  EXPECT_THAT(lines->lines().back(), "3 verdicts could not be written before the stop and are lost");
}

TEST_F(Writer, AStopDoesNotWaitForAStoreThatHangs) {
  script.block_from_now();
  const auto writer = make(quick());
  writer->add(numbered_verdict(0));
  script.wait_for_attempts(1);
  EXPECT_FALSE(writer->stop(20ms));
  script.succeed_from_now();  // or the destructor would wait for ever
}

TEST_F(Writer, AStopEndsALongBackOff) {
  script.fail_from_now();
  auto options = quick();
  options.first_retry = options.longest_retry = 1h;
  const auto writer = make(options);
  writer->add(numbered_verdict(0));
  script.wait_for_attempts(1);
  script.succeed_from_now();
  EXPECT_TRUE(writer->stop(60s));
  EXPECT_EQ(script.ids(), ids(1));
}

TEST_F(Writer, ItsEndIsAStop) {
  {
    auto options = quick();
    options.gather_time = 1h;
    const auto writer = make(options);
    for (unsigned i = 0; i < 20; ++i) writer->add(numbered_verdict(i));
  }
  EXPECT_EQ(script.ids(), ids(20));
}

TEST_F(Writer, TwentyThreadsAddWhileTheStoreComesAndGoes) {
  constexpr unsigned threads = 20, each = 200;
  auto options = quick();
  options.maximum_batch = 50;
  const auto writer = make(options);
  {
    std::vector<std::jthread> adding;
    for (unsigned thread = 0; thread < threads; ++thread) {
      adding.emplace_back([&, thread] {
        for (unsigned i = 0; i < each; ++i) EXPECT_TRUE(writer->add(numbered_verdict(thread * each + i)));
      });
    }
    for (int i = 0; i < 20; ++i) {
      script.fail_from_now();
      std::this_thread::yield();
      script.succeed_from_now();
    }
  }
  EXPECT_TRUE(writer->stop(60s));
  auto written = script.ids();
  std::sort(written.begin(), written.end());
  EXPECT_EQ(written, ids(threads * each));
}

TEST_F(Writer, WaitsForALockedDatabase) {
  const test::TemporaryDirectory directory;
  const std::string file = directory.file("verdicts.db");
  auto store = SqliteVerdictStore::open(file, StoreMode::read_write, {.busy_timeout = 1ms});
  ASSERT_TRUE(store) << store.error().sentence;
  test::SqliteFile other(file);
  other.execute("BEGIN IMMEDIATE");
  VerdictWriter writer(std::move(*store), log, clock, quick());
  for (unsigned i = 0; i < 10; ++i) writer.add(numbered_verdict(i));
  while (lines->lines().empty()) std::this_thread::yield();
  EXPECT_THAT(lines->lines().front(), HasSubstr("database is locked"));
  other.execute("ROLLBACK");
  EXPECT_TRUE(writer.stop(60s));
  EXPECT_EQ(test::SqliteFile(file).text("SELECT count(*) FROM verdicts"), "10");
}

}  // namespace
}  // namespace tecs
