#include "milter/attempt_count.hpp"

#include <gtest/gtest.h>

#include "unit/hand_clock.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;

ConnectionTuple connection(std::uint16_t port) {
  return *ConnectionTuple::make(*Endpoint::parse("192.0.2.25:25"),
                                *Endpoint::make(*IpAddress::parse("198.51.100.7"), port));
}

TEST(AttemptCount, BeginsAnewSomeTimeAfterTheFirstAttempt) {
  test::HandClock clock;
  AttemptCount count(clock);
  EXPECT_EQ(count.next(connection(1)), 1U);
  clock.advance(1s);
  EXPECT_EQ(count.next(connection(2)), 1U);
  clock.advance(AttemptCount::period - 1s - 1us);
  EXPECT_EQ(count.next(connection(1)), 2U);
  clock.advance(1us);
  EXPECT_EQ(count.next(connection(1)), 1U) << "however often it was used meanwhile";
  EXPECT_EQ(count.next(connection(2)), 2U);
  EXPECT_EQ(count.size(), 2U);
  clock.advance(1s);
  EXPECT_EQ(count.next(connection(3)), 1U);
  EXPECT_EQ(count.size(), 2U) << "the second one is forgotten";
}

TEST(AttemptCount, IsBoundedAndForgetsTheOldest) {
  test::HandClock clock;
  AttemptCount count(clock);
  constexpr auto maximum = static_cast<std::uint16_t>(AttemptCount::maximum_connections);
  for (std::uint16_t port = 1; port <= maximum; ++port) EXPECT_EQ(count.next(connection(port)), 1U);
  EXPECT_EQ(count.next(connection(1)), 2U);
  EXPECT_EQ(count.next(connection(maximum + 1)), 1U);
  EXPECT_EQ(count.size(), AttemptCount::maximum_connections);
  EXPECT_EQ(count.next(connection(2)), 2U);
  EXPECT_EQ(count.next(connection(1)), 1U) << "as it came first";
}

}  // namespace
}  // namespace tecs
