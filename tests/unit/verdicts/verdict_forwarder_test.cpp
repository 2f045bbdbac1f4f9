#include "verdicts/verdict_forwarder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <thread>
#include <vector>

#include "unit/verdicts/forwarder_fixture.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;
using test::numbered_verdict;
using testing::ElementsAre;
using testing::IsEmpty;

class Forwarder : public test::ForwarderFixture {};

TEST_F(Forwarder, SendsInOrderAndEmptiesTheQueue) {
  queue.add(0, 25);
  auto options = quick();
  options.maximum_batch = 10;
  const auto forwarder = make(options);
  wait_until([&] { return queue.size() == 0; });
  queue.add(25, 5);
  EXPECT_TRUE(forwarder->stop(10s));
  EXPECT_EQ(script.ids(), ids(30));
  EXPECT_THAT(script.batch_sizes(), ElementsAre(10U, 10U, 5U, 5U));
  const auto statistics = forwarder->statistics();
  EXPECT_EQ(statistics.forwarded, 30U);
  EXPECT_EQ(statistics.backlog + statistics.failures + statistics.refused, 0U);
  EXPECT_EQ(openings, 1U);
  EXPECT_THAT(lines->lines(), IsEmpty());
}

TEST_F(Forwarder, AsksForNothingWhenNothingWaits) {
  const auto forwarder = make(quick());
  EXPECT_TRUE(forwarder->stop(10s));
  EXPECT_EQ(openings, 0U);
}

TEST_F(Forwarder, WaitsForADatabaseThatIsAway) {
  closed = true;
  queue.add(0, 3);
  const auto forwarder = make(quick());
  wait_until([&] { return openings >= 5; });
  queue.add(3, 4);
  wait_until([&] { return forwarder->statistics().backlog == 7; });
  EXPECT_GE(forwarder->statistics().failures, 4U);
  closed = false;
  wait_until([&] { return forwarder->statistics().backlog == 0; });
  EXPECT_TRUE(forwarder->stop(10s));
  EXPECT_EQ(script.ids(), ids(7));
  EXPECT_THAT(
      lines->lines(),
      ElementsAre("3 verdicts cannot be forwarded to postgresql://db.example.net/tecs and wait for it: "
                  "nobody listens",
                  "verdicts are forwarded to postgresql://db.example.net/tecs again"));
}

// It is not known whether they arrived, so they are sent once more, over a connection of which more is known.
TEST_F(Forwarder, SendsAgainOverANewConnectionWhatFailed) {
  script.fail_from_now();
  queue.add(0, 3);
  const auto forwarder = make(quick());
  script.wait_for_attempts(3);
  EXPECT_EQ(queue.size(), 3U);
  EXPECT_GE(openings, 3U);
  script.succeed_from_now();
  wait_until([&] { return queue.size() == 0; });
  EXPECT_TRUE(forwarder->stop(10s));
  EXPECT_EQ(script.ids(), ids(3));
  EXPECT_EQ(forwarder->statistics().refused, 0U) << "a trouble that can pass is no refusal";
}

TEST_F(Forwarder, SendsWhatItFoundNoMemoryFor) {
  script.run_out_of_memory_from_now();
  queue.add(0, 3);
  const auto forwarder = make(quick());
  script.wait_for_attempts(3);
  EXPECT_EQ(queue.size(), 3U);
  EXPECT_GE(openings, 3U) << "over a connection of which more is known";
  script.succeed_from_now();
  wait_until([&] { return queue.size() == 0; });
  EXPECT_TRUE(forwarder->stop(10s));
  EXPECT_EQ(script.ids(), ids(3));
}

TEST_F(Forwarder, SaysSoOncePerInterval) {
  script.fail_from_now();
  queue.add(0, 1);
  const auto forwarder = make(quick());
  script.wait_for_attempts(10);
  EXPECT_EQ(lines->lines().size(), 1U);
  clock.advance(61s);
  wait_until([&] { return lines->lines().size() == 2; });
  script.wait_for_further_attempts(10);
  EXPECT_EQ(lines->lines().size(), 2U);
}

TEST_F(Forwarder, OneThatIsRefusedDoesNotHoldUpTheOthers) {
  queue.add(0, 10);
  script.refuse(numbered_verdict(4).id);
  script.refuse(numbered_verdict(9).id);
  auto options = quick();
  options.maximum_batch = 5;
  const auto forwarder = make(options);
  wait_until([&] { return queue.size() == 0; });
  EXPECT_TRUE(forwarder->stop(10s));
  auto want = ids(10);
  want.erase(want.begin() + 9);
  want.erase(want.begin() + 4);
  EXPECT_EQ(script.ids(), want);
  const auto statistics = forwarder->statistics();
  EXPECT_EQ(statistics.refused, 2U);
  EXPECT_EQ(statistics.forwarded, 8U);
  EXPECT_EQ(statistics.failures, 0U);
  EXPECT_THAT(lines->lines(),
              ElementsAre("verdict " + numbered_verdict(4).id +
                              " cannot be forwarded and stays in the own store alone: no such octets",
                          "verdict " + numbered_verdict(9).id +
                              " cannot be forwarded and stays in the own store alone: no such octets"));
}

TEST_F(Forwarder, OneThatTheOwnStoreLostDoesNotHoldUpTheOthers) {
  queue.add(0, 2);
  queue.add_lost("gone");
  queue.add(2, 2);
  const auto forwarder = make(quick());
  wait_until([&] { return queue.size() == 0; });
  EXPECT_TRUE(forwarder->stop(10s));
  EXPECT_EQ(script.ids(), ids(4));
  EXPECT_EQ(forwarder->statistics().refused, 1U);
  EXPECT_THAT(lines->lines(),
              ElementsAre("verdict gone cannot be forwarded and stays in the own store alone: it is gone"));
}

// While one by one is sent, the database goes away: what was set aside before is counted once.
TEST_F(Forwarder, ARefusalIsCountedOnceWhateverHappensAfterIt) {
  queue.add_lost("gone");
  queue.add(0, 2);
  closed = true;
  const auto forwarder = make(quick());
  wait_until([&] { return openings >= 3; });
  closed = false;
  wait_until([&] { return queue.size() == 0; });
  EXPECT_TRUE(forwarder->stop(10s));
  EXPECT_EQ(script.ids(), ids(2));
  EXPECT_EQ(forwarder->statistics().refused, 1U);
}

TEST_F(Forwarder, WaitsForItsOwnStoreToo) {
  queue.add(0, 3);
  queue.fail_from_now();
  const auto forwarder = make(quick());
  wait_until([&] { return forwarder->statistics().failures >= 3; });
  EXPECT_THAT(script.ids(), IsEmpty());
  queue.succeed_from_now();
  wait_until([&] { return queue.size() == 0; });
  EXPECT_TRUE(forwarder->stop(10s));
  EXPECT_EQ(script.ids(), ids(3));
}

// The database has them, and it cannot be written down here that it has: they are sent again.
TEST_F(Forwarder, WhatCannotBeTakenOutIsSentAgain) {
  queue.add(0, 3);
  script.block_from_now();
  const auto forwarder = make(quick());
  script.wait_for_attempts(1);
  queue.fail_from_now();
  script.succeed_from_now();
  wait_until([&] { return forwarder->statistics().failures != 0; });
  EXPECT_EQ(queue.size(), 3U);
  queue.succeed_from_now();
  wait_until([&] { return queue.size() == 0; });
  EXPECT_TRUE(forwarder->stop(10s));
  EXPECT_EQ(script.batch_sizes(), (std::vector<std::size_t>{3, 3}));
}

TEST_F(Forwarder, AStopSendsWhatIsThereAtOnce) {
  auto options = quick();
  options.poll_time = 1h;
  options.maximum_batch = 2;
  queue.add(0, 1);
  const auto forwarder = make(options);
  wait_until([&] { return queue.size() == 0; });  // and now it waits for an hour
  queue.add(1, 7);
  EXPECT_TRUE(forwarder->stop(60s));
  EXPECT_TRUE(forwarder->stop(60s));
  EXPECT_EQ(script.ids(), ids(8));
}

TEST_F(Forwarder, AStopDoesNotTryADatabaseThatIsAwayOnceMore) {
  auto options = quick();
  options.first_retry = options.longest_retry = 1h;
  closed = true;
  queue.add(0, 3);
  const auto forwarder = make(options);
  wait_until([&] { return forwarder->statistics().failures == 1; });
  EXPECT_TRUE(forwarder->stop(60s));
  EXPECT_EQ(openings, 1U);
  EXPECT_EQ(queue.size(), 3U);
  EXPECT_EQ(lines->lines().back(),
            "3 verdicts are forwarded to postgresql://db.example.net/tecs after the next start");
}

TEST_F(Forwarder, AStopDoesNotWaitForADatabaseThatHangs) {
  queue.add(0, 3);
  script.block_from_now();
  const auto forwarder = make(quick());
  script.wait_for_attempts(1);
  EXPECT_FALSE(forwarder->stop(20ms));
  script.succeed_from_now();  // or the destructor would wait for ever
  EXPECT_FALSE(forwarder->stop(10s)) << "the second answer is the first";
}

TEST_F(Forwarder, AStopEndsALongQueueInTime) {
  auto options = quick();
  options.maximum_batch = 1;
  queue.add(0, 3);
  script.block_from_now();
  const auto forwarder = make(options);
  script.wait_for_attempts(1);
  EXPECT_FALSE(forwarder->stop(1ms));
  script.succeed_from_now();
  wait_until([&] { return queue.size() == 2; });  // the batch that was under way, and no other
  while (lines->lines().empty()) std::this_thread::yield();
  EXPECT_EQ(lines->lines().back(),
            "2 verdicts are forwarded to postgresql://db.example.net/tecs after the next start");
}

TEST_F(Forwarder, TheDatabaseComesAndGoesWhileVerdictsCome) {
  constexpr unsigned rounds = 40, each = 25;
  auto options = quick();
  options.maximum_batch = 10;
  const auto forwarder = make(options);
  {
    std::jthread coming([&] {
      for (unsigned i = 0; i < rounds; ++i) queue.add(i * each, each);
    });
    for (int i = 0; i < 20; ++i) {
      script.fail_from_now();
      std::this_thread::yield();
      script.succeed_from_now();
    }
  }
  wait_until([&] { return queue.size() == 0; });
  EXPECT_TRUE(forwarder->stop(60s));
  EXPECT_EQ(script.ids(), ids(rounds * each));
}

}  // namespace
}  // namespace tecs
