#include "milter/lookup_limit.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "unit/hand_clock.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;

ClientNetwork network(std::uint8_t number) {
  return ClientNetwork::of(IpAddress::from_ipv4({10, 0, number, 1}));
}

class LookupLimitTest : public testing::Test {
 protected:
  // How many of so many look-ups, one after the other, may be made.
  int made(const ClientNetwork& of, const LookupLimits& limits, int count) {
    int begun = 0;
    for (int i = 0; i < count; ++i) begun += limit.begin(of, limits) ? 1 : 0;
    return begun;
  }

  test::HandClock clock;
  LookupLimit limit{clock};
};

TEST_F(LookupLimitTest, ANetworkHasItsAllowanceAtOnceAndThenAsTimeGoesBy) {
  const LookupLimits limits{.per_minute = 60, .under_way = 100};
  EXPECT_EQ(made(network(1), limits, 100), 60);
  EXPECT_EQ(made(network(2), limits, 100), 60) << "of its own";
  clock.advance(999ms);
  EXPECT_EQ(made(network(1), limits, 1), 0);
  clock.advance(2ms);
  EXPECT_EQ(made(network(1), limits, 2), 1);
  clock.advance(30s);
  EXPECT_EQ(made(network(1), limits, 100), 30);
  clock.advance(24h);
  EXPECT_EQ(made(network(1), limits, 100), 60) << "no more than a minute's is saved";
}

TEST_F(LookupLimitTest, ALowerRateHoldsAtOnce) {
  EXPECT_EQ(made(network(1), {.per_minute = 60, .under_way = 100}, 10), 10);
  EXPECT_EQ(made(network(1), {.per_minute = 5, .under_way = 100}, 10), 5);
}

TEST_F(LookupLimitTest, ThoseUnderWayAreBoundedInAllAndForEach) {
  const LookupLimits limits{.per_minute = 1000, .under_way = 8};
  std::vector<LookupLimit::Permit> permits;
  for (std::uint8_t i = 1; i <= 4; ++i) {
    for (int each = 0; each < 2; ++each) permits.push_back(*limit.begin(network(i), limits));
    EXPECT_FALSE(limit.begin(network(i), limits)) << "a quarter of all";
  }
  EXPECT_EQ(limit.under_way(), 8U);
  EXPECT_FALSE(limit.begin(network(5), limits)) << "none is left";
  permits.pop_back();
  EXPECT_EQ(limit.under_way(), 7U);
  EXPECT_TRUE(limit.begin(network(5), limits));
  permits.clear();
  EXPECT_EQ(limit.under_way(), 0U);
}

TEST_F(LookupLimitTest, OneIsAlwaysPossible) {
  const LookupLimits limits{.per_minute = 1, .under_way = 1};
  const auto permit = limit.begin(network(1), limits);
  EXPECT_TRUE(permit);
}

TEST_F(LookupLimitTest, WhatWasRefusedForThoseUnderWayCostsNoAllowance) {
  const LookupLimits limits{.per_minute = 2, .under_way = 4};
  {
    const auto permit = limit.begin(network(1), limits);
    EXPECT_EQ(made(network(1), limits, 10), 0);
  }
  EXPECT_EQ(made(network(1), limits, 10), 1);
}

TEST_F(LookupLimitTest, RemembersABoundedNumberOfNetworksAndForgetsTheOneSilentForLongest) {
  const LookupLimits limits{.per_minute = 1, .under_way = 100};
  const auto of = [](std::size_t number) {
    return ClientNetwork::of(IpAddress::from_ipv4({static_cast<std::uint8_t>(1 + number / 65536),
                                                   static_cast<std::uint8_t>(number / 256),
                                                   static_cast<std::uint8_t>(number), 1}));
  };
  EXPECT_EQ(made(of(0), limits, 2), 1);
  EXPECT_EQ(made(of(1), limits, 2), 1);
  for (std::size_t i = 2; i <= LookupLimit::maximum_networks; ++i) {
    EXPECT_EQ(made(of(i), limits, 1), 1);
    if (i == 100) {
      EXPECT_EQ(made(of(0), limits, 1), 0) << "it asks again";
    }
  }
  EXPECT_EQ(limit.networks(), LookupLimit::maximum_networks);
  EXPECT_EQ(made(of(0), limits, 1), 0) << "not forgotten, as it asked";
  EXPECT_EQ(made(of(1), limits, 1), 1) << "forgotten";
}

TEST_F(LookupLimitTest, HoldsUnderManyThreads) {
  const LookupLimits limits{.per_minute = 100'000, .under_way = 6};
  std::atomic<int> wrong = 0;
  {
    std::vector<std::jthread> threads;
    for (std::uint8_t thread = 0; thread < 8; ++thread) {
      threads.emplace_back([&, thread] {
        for (int i = 0; i < 2000; ++i) {
          const auto permit = limit.begin(network(thread % 3), limits);
          if (limit.under_way() > 6) ++wrong;
        }
      });
    }
  }
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(limit.under_way(), 0U);
}

}  // namespace
}  // namespace tecs
