#include "milter/replay_memory.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace tecs {
namespace {

using namespace std::chrono_literals;
using Use = ReplayMemory::Use;
using Time = std::chrono::sys_seconds;

constexpr Time start{1170806400s};  // an epoch

SignatureUser session(std::uint64_t number) {
  return SessionId{number};
}

class ReplayMemoryTest : public testing::Test {
 protected:
  static SignedConnection signature(const char* client, Epoch epoch = Epoch::nearest(start),
                                    const char* domain = "jgc.org") {
    return {*ConnectionTuple::make(*Endpoint::parse("192.0.2.25:25"), *Endpoint::parse(client)), epoch,
            *Domain::parse(domain)};
  }
  Use use(const SignedConnection& signed_now, const SignatureUser& user, Time now = start,
          std::size_t maximum = 1000, int tolerance = 1) {
    return memory.use(signed_now, user, {now, steady}, tolerance, maximum);
  }

  ReplayMemory memory;
  // The host has been up for longer than anything is kept.
  std::chrono::steady_clock::time_point steady{240h};
  const SignedConnection first = signature("198.51.100.7:1001");
};

TEST_F(ReplayMemoryTest, ASecondUserIsAReplayAndTheFirstAgainIsNot) {
  EXPECT_EQ(use(first, session(1)), Use::first);
  EXPECT_EQ(use(first, session(1)), Use::same_user);
  EXPECT_EQ(use(first, session(2)), Use::replay);
  EXPECT_EQ(use(first, DoorConnectionId{1}), Use::replay) << "the numbers of sessions and connections differ";
  EXPECT_EQ(use(first, session(1)), Use::same_user);
  EXPECT_EQ(memory.size(), 1U);
}

TEST_F(ReplayMemoryTest, AnotherTupleEpochOrDomainIsAnotherSignature) {
  EXPECT_EQ(use(first, session(1)), Use::first);
  EXPECT_EQ(use(signature("198.51.100.7:1002"), session(2)), Use::first);
  EXPECT_EQ(use(signature("198.51.100.7:1001", Epoch::nearest(start).moved(1)), session(3)), Use::first);
  EXPECT_EQ(use(signature("198.51.100.7:1001", Epoch::nearest(start), "jgc.org.example"), session(4)),
            Use::first);
}

// The verifier itself says when it would no longer take an epoch.
TEST_F(ReplayMemoryTest, ForgetsWithTheSecondFromWhichTheVerifierTakesItNoMore) {
  for (const int tolerance : {0, 1, 20}) {
    ReplayMemory own;
    const Epoch epoch = Epoch::nearest(start);
    const Time expiry = ReplayMemory::expiry(epoch, tolerance);
    EXPECT_EQ(Epoch::nearest(expiry - 1s).moved(-tolerance), epoch) << "the last second";
    EXPECT_EQ(Epoch::nearest(expiry).moved(-tolerance), epoch.moved(1)) << "one second later";
    EXPECT_EQ(own.use(first, session(1), {start, steady}, tolerance, 10), Use::first);
    const auto other = signature("198.51.100.7:1002", epoch.moved(tolerance + 1));
    EXPECT_EQ(own.use(other, session(2), {expiry - 1s, steady}, tolerance, 10), Use::first);
    EXPECT_EQ(own.size(), 2U);
    EXPECT_EQ(own.use(first, session(2), {expiry - 1s, steady}, tolerance, 10), Use::replay);
    EXPECT_EQ(own.use(other, session(2), {expiry, steady}, tolerance, 10), Use::same_user);
    EXPECT_EQ(own.size(), 1U);
  }
}

TEST_F(ReplayMemoryTest, WhenTheClockIsSetBackWhatWasForgottenIsNotTakenForNew) {
  EXPECT_EQ(use(first, session(1)), Use::first);
  const auto later = signature("198.51.100.7:1002", Epoch::nearest(start).moved(2));
  EXPECT_EQ(use(later, session(2), start + 60s), Use::first);
  EXPECT_EQ(memory.size(), 1U) << "the first is forgotten";
  EXPECT_EQ(use(first, session(3), start), Use::unknown);
  EXPECT_EQ(use(signature("198.51.100.7:9999"), session(4), start), Use::unknown) << "of that epoch";
  EXPECT_EQ(use(signature("198.51.100.7:9999", Epoch::nearest(start).moved(1)), session(5), start),
            Use::first)
      << "of that one nothing is forgotten";
  EXPECT_EQ(use(later, session(6), start), Use::replay) << "what is remembered stays";
}

TEST_F(ReplayMemoryTest, AClockThatWasSetForwardAndBackLosesNothingUnnoticed) {
  EXPECT_EQ(use(first, session(1)), Use::first);
  const auto of_the_future = signature("198.51.100.7:1", Epoch::nearest(start + 240h));
  EXPECT_EQ(use(of_the_future, session(2), start + 240h), Use::first);
  EXPECT_EQ(use(first, session(3), start + 1s), Use::unknown);
  EXPECT_EQ(memory.size(), 1U) << "it may be that the clock is wrong now";
  const auto next = signature("198.51.100.7:1", Epoch::nearest(start).moved(1));
  EXPECT_EQ(use(next, session(4), start + 30s), Use::first) << "and the door is not shut";
  steady += ReplayMemory::longest_window;
  const auto later = signature("198.51.100.7:1", Epoch::nearest(start + ReplayMemory::longest_window));
  EXPECT_EQ(use(later, session(5), start + ReplayMemory::longest_window), Use::first);
  EXPECT_EQ(memory.size(), 1U) << "what no verifier would take for days is dropped";
}

TEST_F(ReplayMemoryTest, AClockThatWasSetBackAndForwardForgetsNothing) {
  EXPECT_EQ(use(first, session(1)), Use::first);
  const auto of_the_past = signature("198.51.100.8:1", Epoch::nearest(start - 30min));
  EXPECT_EQ(use(of_the_past, session(2), start - 30min), Use::first);
  EXPECT_EQ(use(first, session(3), start + 1s), Use::replay);
}

// As long as the right clock has it, the verifier may take it again, whatever the wrong one says meanwhile.
TEST_F(ReplayMemoryTest, AClockThatIsSetBackForLongForgetsWhatNoVerifierTakesAnyMore) {
  constexpr int tolerance = VerifierOptions::maximum_epoch_tolerance;
  const Epoch epoch = Epoch::nearest(start);
  const Time earliest = epoch.moved(-tolerance).time() - 15s;  // at which it can be accepted
  EXPECT_EQ(Epoch::nearest(earliest).moved(tolerance), epoch);
  EXPECT_EQ(earliest + ReplayMemory::longest_window, ReplayMemory::expiry(epoch, tolerance));
  EXPECT_EQ(use(first, session(1), earliest, 1000, tolerance), Use::first);
  const Time wrong = start - 240h;
  const auto at = [&](Time time, int port) {
    return use(signature(("198.51.100.8:" + std::to_string(port)).c_str(), Epoch::nearest(time)), session(2),
               time, 1000, tolerance);
  };
  steady += ReplayMemory::longest_window - 1s;
  EXPECT_EQ(at(wrong, 1), Use::first);
  EXPECT_EQ(memory.size(), 2U);
  steady += 1s;
  EXPECT_EQ(at(wrong + 1s, 2), Use::first);
  EXPECT_EQ(memory.size(), 2U) << "the first is dropped";
}

TEST_F(ReplayMemoryTest, WhatWasForgottenStaysSoWhileTheClockIsWrong) {
  EXPECT_EQ(use(first, session(1)), Use::first);
  EXPECT_EQ(use(signature("198.51.100.7:1", Epoch::nearest(start + 1h)), session(2), start + 1h), Use::first);
  EXPECT_EQ(use(signature("198.51.100.7:1", Epoch::nearest(start - 1h)), session(3), start - 1h),
            Use::unknown);
  EXPECT_EQ(use(first, session(3), start + 1s), Use::unknown);
}

TEST_F(ReplayMemoryTest, AClockThatWasFarAheadShutsTheDoorNoLongerThanASignatureLasts) {
  EXPECT_EQ(use(signature("198.51.100.7:1", Epoch::nearest(start + 240h)), session(1), start + 240h),
            Use::first);
  EXPECT_EQ(use(signature("198.51.100.7:2", Epoch::nearest(start + 241h)), session(2), start + 241h),
            Use::first);
  steady += ReplayMemory::longest_window - 1s;
  EXPECT_EQ(use(first, session(3)), Use::unknown);
  steady += 1s;
  EXPECT_EQ(use(first, session(3)), Use::first);
}

// So far no verifier takes anything, but who is at the edge may be the one whose clock is right.
TEST_F(ReplayMemoryTest, AClockThatWasAheadIsDisbelievedOnlyBeyondTheFurthestEpoch) {
  const Epoch epoch = Epoch::nearest(start);
  EXPECT_EQ(use(first, session(1)), Use::first);
  const Time later = ReplayMemory::expiry(epoch, 1);
  EXPECT_EQ(use(signature("198.51.100.7:2", Epoch::nearest(later)), session(2), later), Use::first);
  EXPECT_EQ(memory.size(), 1U) << "the first is forgotten";
  steady += ReplayMemory::longest_window;
  const Epoch at_the_edge = epoch.moved(-2 * VerifierOptions::maximum_epoch_tolerance);
  const auto early = signature("198.51.100.7:3", at_the_edge.moved(-1));
  EXPECT_EQ(use(early, session(3), at_the_edge.time()), Use::unknown);
  EXPECT_EQ(use(early, session(3), at_the_edge.time() - Epoch::step), Use::first);
}

TEST_F(ReplayMemoryTest, WhenFullNewOnesAreUnknownAndOldOnesStay) {
  const auto of_network = [](int number) {
    return signature(("10.0." + std::to_string(number) + ".1:25").c_str());
  };
  for (int i = 0; i < 10; ++i) EXPECT_EQ(use(of_network(i), session(1), start, 10), Use::first);
  EXPECT_EQ(use(of_network(10), session(1), start, 10), Use::unknown);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(use(of_network(i), session(2), start, 10), Use::replay);
  EXPECT_EQ(memory.size(), 10U);
  const auto later = signature("10.0.10.1:25", Epoch::nearest(start).moved(2));
  EXPECT_EQ(use(later, session(1), start + 45s, 10), Use::first) << "there is room when they have expired";
}

TEST_F(ReplayMemoryTest, OneNetworkFillsAQuarter) {
  int taken = 0;
  for (int port = 1; port <= 100; ++port) {
    const std::string client = "198.51.100." + std::to_string(port) + ":" + std::to_string(port);
    if (use(signature(client.c_str()), session(1), start, 40) == Use::first) ++taken;
  }
  EXPECT_EQ(taken, 10);
  EXPECT_EQ(use(signature("198.51.101.1:1"), session(1), start, 40), Use::first);
  const auto later = signature("198.51.100.1:1", Epoch::nearest(start).moved(2));
  EXPECT_EQ(use(later, session(1), start + 45s, 40), Use::first) << "its share is free again";
}

TEST_F(ReplayMemoryTest, WhatExpiresFreesThatMuchOfTheShareAndNoMore) {
  const Epoch epoch = Epoch::nearest(start);
  const Time later = ReplayMemory::expiry(epoch, 1);
  const auto use_of = [&](int port, Epoch of_epoch, Time now) {
    return use(signature(("198.51.100.7:" + std::to_string(port)).c_str(), of_epoch), session(1), now, 12);
  };
  EXPECT_EQ(use_of(1, epoch, start), Use::first);
  EXPECT_EQ(use_of(2, epoch, start), Use::first);
  EXPECT_EQ(use_of(3, epoch.moved(1), start), Use::first);
  EXPECT_EQ(use_of(4, epoch.moved(1), start), Use::unknown);
  EXPECT_EQ(use_of(4, epoch.moved(1), later), Use::first);
  EXPECT_EQ(use_of(5, epoch.moved(1), later), Use::first);
  EXPECT_EQ(use_of(6, epoch.moved(1), later), Use::unknown) << "two have expired, one is still there";
}

TEST_F(ReplayMemoryTest, OfIpv6ASiteIsOneNetwork) {
  const auto of_site = [](const char* prefix, int number) {
    const std::string client = "[" + std::string(prefix) + std::to_string(number) + "::1]:25";
    return SignedConnection{
        *ConnectionTuple::make(*Endpoint::parse("[2001:db8:ff::25]:25"), *Endpoint::parse(client)),
        Epoch::nearest(start), *Domain::parse("jgc.org")};
  };
  int taken = 0;
  for (int i = 1; i <= 100; ++i) {
    if (use(of_site("2001:db8:1:", i), session(1), start, 40) == Use::first) ++taken;
  }
  EXPECT_EQ(taken, 10);
  EXPECT_EQ(use(of_site("2001:db8:2:", 1), session(1), start, 40), Use::first);
}

TEST_F(ReplayMemoryTest, AWiderToleranceDoesNotTakeWhatWasForgottenUnderTheNarrowerOne) {
  EXPECT_EQ(use(first, session(1), start, 1000, 0), Use::first);
  const auto next = signature("198.51.100.7:1001", Epoch::nearest(start).moved(1));
  EXPECT_EQ(use(next, session(1), start + 15s, 1000, 0), Use::first);
  EXPECT_EQ(use(first, session(2), start + 15s, 1000, 5), Use::unknown);
}

TEST_F(ReplayMemoryTest, OfManyThreadsOneIsTheFirst) {
  for (std::uint16_t round = 1; round <= 50; ++round) {
    const auto signed_now = signature(("198.51.100.7:" + std::to_string(round)).c_str());
    std::atomic<int> firsts = 0;
    std::atomic<int> replays = 0;
    {
      std::vector<std::jthread> threads;
      for (std::uint64_t i = 0; i < 4; ++i) {
        threads.emplace_back([&, i] {
          const Use result = use(signed_now, session(i));
          if (result == Use::first) ++firsts;
          if (result == Use::replay) ++replays;
        });
      }
    }
    EXPECT_EQ(firsts, 1);
    EXPECT_EQ(replays, 3);
  }
}

}  // namespace
}  // namespace tecs
