#include "milter/limited_key_source.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <stdexcept>
#include <string>

#include "unit/hand_clock.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;

class SlowSource final : public KeySource {
 public:
  explicit SlowSource(test::HandClock& clock) : clock_(clock) {}
  [[nodiscard]] KeyLookup lookup(const std::string& name) override {
    ++asked;
    if (meanwhile) meanwhile();
    if (name == "throw") throw std::logic_error("a bug");
    clock_.advance(3ms);
    return {nullptr, 60s, true};
  }
  int asked = 0;
  std::function<void()> meanwhile;

 private:
  test::HandClock& clock_;
};

class LimitedKeySourceTest : public testing::Test {
 protected:
  LimitedKeySource make(const LookupLimits& limits) {
    return {source, would_ask, limit, ClientNetwork::of(*IpAddress::parse("198.51.100.7")), limits, clock};
  }

  test::HandClock clock;
  SlowSource source{clock};
  LimitedKeySource::WouldAsk would_ask = [](const std::string& name) { return name != "cached"; };
  LookupLimit limit{clock};
};

TEST_F(LimitedKeySourceTest, WhatIsCachedCostsNothingAndTheTimeOfAllIsMeasured) {
  LimitedKeySource keys = make({.per_minute = 2, .under_way = 10});
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(keys.lookup("cached").record);
  EXPECT_EQ(limit.networks(), 0U);
  EXPECT_TRUE(keys.lookup("a").record);
  const KeyLookup found = keys.lookup("b");
  EXPECT_TRUE(found.record && found.dnssec && found.ttl == 60s) << "as the source gave it";
  const KeyLookup refused = keys.lookup("c");
  ASSERT_FALSE(refused.record);
  EXPECT_EQ(refused.record.error().reason, Reason::too_many_lookups);
  EXPECT_TRUE(keys.lookup("cached").record);
  EXPECT_EQ(source.asked, 13);
  EXPECT_EQ(keys.time(), 13 * 3ms);
}

TEST_F(LimitedKeySourceTest, WithoutACacheEachLookUpCounts) {
  would_ask = nullptr;
  LimitedKeySource keys = make({.per_minute = 1, .under_way = 10});
  EXPECT_TRUE(keys.lookup("cached").record);
  EXPECT_FALSE(keys.lookup("cached").record);
}

TEST_F(LimitedKeySourceTest, ALookUpIsUnderWayUntilItEndsHoweverItEnds) {
  LimitedKeySource keys = make({.per_minute = 10, .under_way = 10});
  source.meanwhile = [this] { EXPECT_EQ(limit.under_way(), 1U); };
  static_cast<void>(keys.lookup("a"));
  EXPECT_EQ(limit.under_way(), 0U);
  EXPECT_THROW(static_cast<void>(keys.lookup("throw")), std::logic_error);
  EXPECT_EQ(limit.under_way(), 0U);
}

}  // namespace
}  // namespace tecs
