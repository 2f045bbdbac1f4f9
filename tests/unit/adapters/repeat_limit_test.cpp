#include "tecs/adapters/repeat_limit.hpp"

#include <gtest/gtest.h>

#include "unit/hand_clock.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;

TEST(RepeatLimit, IsDueOnceAnInterval) {
  test::HandClock clock;
  RepeatLimit limit(clock, 60s);
  EXPECT_TRUE(limit.due());
  EXPECT_FALSE(limit.due());
  clock.advance(59s);
  EXPECT_FALSE(limit.due());
  clock.advance(1s);
  EXPECT_TRUE(limit.due());
  EXPECT_FALSE(limit.due());
}

}  // namespace
}  // namespace tecs
