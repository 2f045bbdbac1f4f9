// How many verdicts a forwarder sends at once.
#include <gtest/gtest.h>

#include <algorithm>

#include "unit/verdicts/forwarder_fixture.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;

class ForwarderBatch : public test::ForwarderFixture {};

// One that always takes longer than the database has patience for must not be sent again and again.
TEST_F(ForwarderBatch, ABatchThatIsTooMuchIsHalvedUntilItIsNot) {
  for (const std::size_t most : {1U, 10U}) {
    script.fail_above(most);
    queue.add(0, 100);
    auto options = quick();
    options.maximum_batch = 64;
    const auto forwarder = make(options);
    wait_until([&] { return queue.size() == 0; });
    EXPECT_GE(forwarder->statistics().failures, 3U);
    EXPECT_EQ(forwarder->statistics().refused, 0U);
    EXPECT_TRUE(forwarder->stop(10s));
  }
  auto want = ids(100);
  const auto again = ids(100);
  want.insert(want.end(), again.begin(), again.end());
  EXPECT_EQ(script.ids(), want) << "in order, each once";
}

TEST_F(ForwarderBatch, ABatchGrowsAgainWhenTheDatabaseTakesMore) {
  script.fail_above(1);
  queue.add(0, 20);
  auto options = quick();
  options.maximum_batch = 16;
  const auto forwarder = make(options);
  wait_until([&] { return queue.size() < 15; });
  script.fail_above(SIZE_MAX);
  wait_until([&] { return queue.size() == 0; });
  queue.add(20, 200);
  wait_until([&] { return queue.size() == 0; });
  EXPECT_TRUE(forwarder->stop(10s));
  EXPECT_EQ(script.ids(), ids(220));
  const auto sizes = script.batch_sizes();
  EXPECT_EQ(*std::ranges::max_element(sizes), 16U);
}

}  // namespace
}  // namespace tecs
