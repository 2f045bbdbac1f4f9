#include "verdicts/reputation_override.hpp"

#include <gmock/gmock.h>

#include "unit/verdicts/reputation_store.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

class ReputationOverrides : public test::ReputationStore {
 protected:
  const ReputationOverride for_ever_{
      .domain = "a.example", .state = Reputation::bad, .note = "it's \"phishing\"; ticket 7", .time = now};
  const ReputationOverride for_a_day_{
      .domain = "b.example", .state = Reputation::unknown, .note = "", .time = now, .expires = now + 24h};
};
INSTANTIATE_TEST_SUITE_P(Engines, ReputationOverrides, test::both_engines, test::engine_name);

TEST_P(ReputationOverrides, ComeBackAsTheyWereSet) {
  ASSERT_TRUE(set_override(database(), for_a_day_));
  ASSERT_TRUE(set_override(database(), for_ever_));
  EXPECT_EQ(find_override(database(), "a.example", now), for_ever_);
  EXPECT_EQ(find_override(database(), "b.example", now), for_a_day_);
  EXPECT_EQ(find_override(database(), "c.example", now), std::nullopt);
  EXPECT_THAT(*read_overrides(database(), now), ElementsAre(for_ever_, for_a_day_));
}

TEST_P(ReputationOverrides, EndWhenTheyExpire) {
  ASSERT_TRUE(set_override(database(), for_a_day_));
  EXPECT_NE(find_override(database(), "b.example", now + 24h - 1ms), std::nullopt);
  EXPECT_EQ(find_override(database(), "b.example", now + 24h), std::nullopt);
  EXPECT_THAT(*read_overrides(database(), now + 24h), IsEmpty());
}

TEST_P(ReputationOverrides, TakeEachOthersPlace) {
  ASSERT_TRUE(set_override(database(), for_ever_));
  ReputationOverride other = for_a_day_;
  other.domain = for_ever_.domain;
  ASSERT_TRUE(set_override(database(), other));
  EXPECT_THAT(*read_overrides(database(), now), ElementsAre(other));
}

TEST_P(ReputationOverrides, CanBeRemovedOnce) {
  ASSERT_TRUE(set_override(database(), for_ever_));
  EXPECT_EQ(remove_override(database(), "a.example"), true);
  EXPECT_EQ(remove_override(database(), "a.example"), false);
  EXPECT_THAT(*read_overrides(database(), now), IsEmpty());
}

// As another program may have written them.
TEST_P(ReputationOverrides, ThatMakeNoSenseDoNotCount) {
  const std::string insert =
      "INSERT INTO reputation_overrides (domain, state, note, time, expires) VALUES ($1, $2, '', $3, $4)";
  change(insert, {"a.example", "worst", moment(days{1}), ""});
  change(insert, {"b.example", "bad", "yesterday", ""});
  change(insert, {"c.example", "bad", moment(days{1}), "some day"});
  change(insert, {"d.example", "bad", moment(days{1}), ""});
  ASSERT_EQ(read_overrides(database(), now)->size(), 1U);
  EXPECT_EQ(read_overrides(database(), now)->front().domain, "d.example");
  EXPECT_EQ(find_override(database(), "a.example", now), std::nullopt);
}

}  // namespace
}  // namespace tecs
