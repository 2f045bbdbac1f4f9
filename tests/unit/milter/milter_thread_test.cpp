#include "milter/milter_thread.hpp"

#include <gtest/gtest.h>
#include <poll.h>

#include <atomic>

#include "milter/listening_socket.hpp"
#include "unit/milter/door_client.hpp"
#include "unit/verdicts/temporary_directory.hpp"

namespace tecs {
namespace {

class Thread : public testing::Test {
 protected:
  test::TemporaryDirectory directory;
  DoorAddress address = *DoorAddress::parse("unix:" + directory.file("socket"));
  std::atomic<bool> ended_by_itself = false;
  MilterThread thread;
};

// As libmilter's main does, which looks whether it is to stop only when somebody comes.
TEST_F(Thread, IsStoppedByConnections) {
  const auto socket = ListeningSocket::open(address);
  ASSERT_TRUE(socket) << socket.error().sentence;
  std::atomic<bool> stop = false;
  thread.start(
      [&] {
        while (!stop) {
          pollfd polled{socket->number(), POLLIN, 0};
          poll(&polled, 1, -1);
        }
      },
      [&] { ended_by_itself = true; });
  thread.stop([&] { stop = true; }, address);
  EXPECT_FALSE(ended_by_itself);
  thread.stop([] { FAIL() << "it has ended"; }, address);
}

TEST_F(Thread, SaysWhenItEndsByItself) {
  std::atomic<bool> told = false;
  thread.start([] {}, [&] { told = ended_by_itself = true; });
  while (!told) std::this_thread::yield();
  thread.stop([] {}, address);
  EXPECT_TRUE(ended_by_itself);
}

TEST_F(Thread, ThatWasNeverStartedNeedsNoStop) {
  thread.stop([] { FAIL() << "there is nothing to stop"; }, address);
}

}  // namespace
}  // namespace tecs
