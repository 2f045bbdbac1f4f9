// What a writer does before there is anything to write.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/hand_clock.hpp"
#include "unit/verdicts/scripted_store.hpp"
#include "unit/verdicts/verdict_samples.hpp"
#include "verdicts/verdict_writer.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;
using test::numbered_verdict;
using test::StoreScript;
using testing::ElementsAre;

class PreparedStore final : public VerdictStore {
 public:
  PreparedStore(StoreScript& preparing, StoreScript& writing) : preparing_(preparing), writing_(writing) {}
  Expected<void> prepare() override { return preparing_.write({}); }
  Expected<void> write(std::span<const Verdict> verdicts) override { return writing_.write(verdicts); }
  Expected<void> select(const VerdictQuery&, const std::function<bool(const Verdict&)>&) override {
    return {};
  }

 private:
  StoreScript& preparing_;
  StoreScript& writing_;
};

class PreparingWriter : public testing::Test {
 protected:
  static VerdictWriterOptions quick() {
    return {.gather_time = 0ms, .first_retry = 1ms, .longest_retry = 1ms};
  }

  StoreScript preparing;
  StoreScript script;
  test::HandClock clock;
  std::shared_ptr<test::LogLines> lines = std::make_shared<test::LogLines>();
  std::shared_ptr<spdlog::logger> log = std::make_shared<spdlog::logger>("test", lines);
};

// An old store takes minutes for it, in which verdicts come.
TEST_F(PreparingWriter, TheStorePreparesItselfBeforeThereIsAnythingToWrite) {
  preparing.block_from_now();
  VerdictWriter writer(std::make_unique<PreparedStore>(preparing, script), log, clock, quick());
  preparing.wait_for_attempts(1);
  for (unsigned i = 0; i < 20; ++i) EXPECT_TRUE(writer.add(numbered_verdict(i)));
  EXPECT_EQ(writer.statistics().queued, 20U);
  EXPECT_FALSE(writer.at_its_end());
  preparing.succeed_from_now();
  EXPECT_TRUE(writer.stop(10s));
  EXPECT_TRUE(writer.at_its_end());
  EXPECT_EQ(script.ids().size(), 20U);
  EXPECT_TRUE(lines->lines().empty());
}

TEST_F(PreparingWriter, AStopSaysThatTheStoreIsStillAtIt) {
  preparing.block_from_now();
  VerdictWriter writer(std::make_unique<PreparedStore>(preparing, script), log, clock, quick());
  preparing.wait_for_attempts(1);
  EXPECT_TRUE(writer.add(numbered_verdict(0)));
  EXPECT_FALSE(writer.stop(1ms));
  EXPECT_FALSE(writer.at_its_end());
  preparing.succeed_from_now();  // or the destructor would wait for ever
}

TEST_F(PreparingWriter, AStoreThatCannotPrepareItselfIsToldOfAndStillTried) {
  preparing.fail_from_now();
  VerdictWriter writer(std::make_unique<PreparedStore>(preparing, script), log, clock, quick());
  EXPECT_TRUE(writer.add(numbered_verdict(0)));
  EXPECT_TRUE(writer.stop(10s));
  EXPECT_EQ(script.ids().size(), 1U);
  EXPECT_THAT(lines->lines(), ElementsAre("verdicts cannot be written and are kept for now: the disk is full",
                                          "verdicts are written again"));
}

}  // namespace
}  // namespace tecs
