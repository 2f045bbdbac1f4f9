#include "tecs/epoch.hpp"

#include <gtest/gtest.h>

namespace tecs {
namespace {

struct Row {
  const char* name;
  std::int64_t time;
  std::int64_t want;
};

class EpochRounding : public testing::TestWithParam<Row> {};

TEST_P(EpochRounding, RoundsToTheNearestHalvesUp) {
  const std::chrono::sys_seconds time{std::chrono::seconds{GetParam().time}};
  EXPECT_EQ(Epoch::nearest(time).time().time_since_epoch().count(), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(Table, EpochRounding,
                         testing::Values(Row{"zero", 0, 0}, Row{"below_half", 14, 0}, Row{"half", 15, 30},
                                         Row{"whole", 30, 30}, Row{"below_next_half", 44, 30},
                                         Row{"next_half", 45, 60}, Row{"source_text", 1170806410, 1170806400},
                                         Row{"minus_half", -15, 0}, Row{"below_minus_half", -16, -30},
                                         Row{"after_2106", 4294967310, 4294967310}),
                         [](const auto& param) { return param.param.name; });

TEST(Epoch, MovesByWholeSteps) {
  const Epoch epoch = Epoch::nearest(std::chrono::sys_seconds{std::chrono::seconds{60}});
  EXPECT_EQ(epoch.moved(-2).time().time_since_epoch().count(), 0);
  EXPECT_LT(epoch.moved(-1), epoch);
}

}  // namespace
}  // namespace tecs
