#include "milter/milter_service.hpp"

#include <gtest/gtest.h>
#include <spdlog/sinks/null_sink.h>

#include <atomic>
#include <chrono>
#include <future>
#include <latch>
#include <memory>
#include <thread>
#include <utility>

#include "unit/hand_clock.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;

MilterDoor::Parts parts_of(const Clock& clock) {
  auto log = std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::null_sink_mt>());
  return {clock, {}, {}, {}, {}, std::move(log)};
}

// A callback that hangs, for instance in a look at a disk that does not answer, must not hold up the verdicts
// that are written after the door's end.
TEST(MilterServiceTest, EndsWhenNoCallbackIsAtWork) {
  const test::HandClock clock;
  MilterService service(parts_of(clock));
  begin_milter_service(service);

  std::promise<void> at_work;
  std::promise<void> answer_of_the_disk;
  const auto callback = std::async(std::launch::async, [&] {
    const MilterServiceInUse in_use;
    EXPECT_EQ(&*in_use, &service);
    at_work.set_value();
    answer_of_the_disk.get_future().wait();
  });
  at_work.get_future().wait();
  EXPECT_FALSE(end_milter_service(20ms));
  answer_of_the_disk.set_value();
  callback.wait();
  EXPECT_TRUE(end_milter_service(1h));
}

// libmilter goes on with its connections: on a busy server one callback begins before the other has ended.
TEST(MilterServiceTest, EndsAmidCallbacksThatNeverCease) {
  const test::HandClock clock;
  MilterService service(parts_of(clock));
  begin_milter_service(service);

  // Of the threads too, which for a callback that comes too late wait for the end of the program.
  struct Callbacks {
    std::latch at_work{4};
    std::atomic<bool> cease = false;
    std::latch ceased{4};
  };
  const auto callbacks = std::make_shared<Callbacks>();
  for (int thread = 0; thread < 4; ++thread) {
    std::thread([callbacks] {
      for (bool first = true; !callbacks->cease; first = false) {
        const MilterServiceInUse in_use;
        if (first) callbacks->at_work.count_down();
        std::this_thread::sleep_for(1ms);
      }
      callbacks->ceased.count_down();
    }).detach();
  }
  callbacks->at_work.wait();
  const bool ended = end_milter_service(10s);
  EXPECT_TRUE(ended);
  callbacks->cease = true;
  if (!ended) callbacks->ceased.wait();
}

}  // namespace
}  // namespace tecs
