#include "milter/milter_thread.hpp"

#include <gtest/gtest.h>
#include <poll.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <functional>
#include <future>
#include <string>
#include <thread>

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
  static constexpr std::chrono::hours long_patience{1};
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
  EXPECT_TRUE(thread.stop([&] { stop = true; }, address, long_patience));
  EXPECT_FALSE(ended_by_itself);
  EXPECT_TRUE(thread.stop([] { FAIL() << "it has ended"; }, address, long_patience));
}

TEST_F(Thread, SaysWhenItEndsByItself) {
  std::atomic<bool> told = false;
  thread.start([] {}, [&] { told = ended_by_itself = true; });
  while (!told) std::this_thread::yield();
  EXPECT_TRUE(thread.stop([] {}, address, long_patience));
  EXPECT_TRUE(ended_by_itself);
}

TEST_F(Thread, ThatWasNeverStartedNeedsNoStop) {
  EXPECT_TRUE(thread.stop([] { FAIL() << "there is nothing to stop"; }, address, long_patience));
}

// As libmilter's own thread for signals, which would stop at SIGHUP.
TEST(SignalsOfTheProgram, AreTakenByNobodyWhoWaitsForThem) {
  sigset_t set{};
  sigemptyset(&set);
  for (const int number : {SIGHUP, SIGTERM, SIGINT, SIGUSR1}) sigaddset(&set, number);
  sigset_t before{};
  ASSERT_EQ(pthread_sigmask(SIG_BLOCK, &set, &before), 0);  // for the thread; and nobody else is to take them
  int taken = 0;
  std::thread waiting([&] { EXPECT_EQ(sigwait(&set, &taken), 0); });
  for (const int number : {SIGHUP, SIGTERM, SIGINT, SIGUSR1}) {
    ASSERT_EQ(pthread_kill(waiting.native_handle(), number), 0);
  }
  waiting.join();  // and with it go those that it has not taken
  EXPECT_EQ(taken, SIGUSR1);
  ASSERT_EQ(pthread_sigmask(SIG_SETMASK, &before, nullptr), 0);
}

class Stuck : public Thread, public testing::WithParamInterface<const char*> {};

// libmilter may wait for ever for a lock that it has destroyed.
TEST_P(Stuck, IsNotWaitedForLongerThanPatienceLasts) {
  std::promise<void> release;
  const auto hang = [released = release.get_future().share()] { released.wait(); };
  const auto nothing = [] {};
  const bool main_hangs = GetParam() == std::string("main");
  thread.start(main_hangs ? std::function<void()>(hang) : nothing, [] {});
  EXPECT_FALSE(thread.stop(main_hangs ? std::function<void()>(nothing) : hang, address,
                           std::chrono::milliseconds(50)));
  release.set_value();
}

INSTANTIATE_TEST_SUITE_P(MilterThread, Stuck, testing::Values("main", "request"));

}  // namespace
}  // namespace tecs
