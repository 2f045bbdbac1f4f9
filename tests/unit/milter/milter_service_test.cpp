#include "milter/milter_service.hpp"

#include <gtest/gtest.h>
#include <spdlog/sinks/null_sink.h>

#include <chrono>
#include <future>
#include <memory>
#include <optional>

#include "unit/hand_clock.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;

// A callback that hangs, for instance in a look at a disk that does not answer, must not hold up the verdicts
// that are written after the door's end.
TEST(MilterServiceTest, EndsWhenNoCallbackIsAtWork) {
  const test::HandClock clock;
  std::optional<MilterService> service;
  service.emplace(MilterDoor::Parts{
      clock,
      {},
      {},
      {},
      {},
      std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::null_sink_mt>())});
  begin_milter_service(*service);

  std::promise<void> at_work;
  std::promise<void> answer_of_the_disk;
  const auto callback = std::async(std::launch::async, [&] {
    const MilterServiceInUse in_use;
    EXPECT_EQ(&*in_use, &*service);
    at_work.set_value();
    answer_of_the_disk.get_future().wait();
  });
  at_work.get_future().wait();
  EXPECT_FALSE(end_milter_service(20ms));
  answer_of_the_disk.set_value();
  callback.wait();
  EXPECT_TRUE(end_milter_service(1h));
}

}  // namespace
}  // namespace tecs
