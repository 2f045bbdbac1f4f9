#include "program/stop_signal.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <initializer_list>
#include <string>
#include <thread>

namespace tecs {
namespace {

using Event = StopSignal::Event;

void block(std::initializer_list<int> numbers) {
  sigset_t blocked{};
  sigemptyset(&blocked);
  for (const int number : numbers) sigaddset(&blocked, number);
  pthread_sigmask(SIG_BLOCK, &blocked, nullptr);
}

TEST(StopSignal, EachSignalHasItsMeaning) {
  struct Row {
    int number;
    Event want;
  };
  for (const Row& row : {Row{SIGTERM, Event::stop}, Row{SIGINT, Event::stop}, Row{SIGHUP, Event::reload}}) {
    SCOPED_TRACE(strsignal(row.number));
    StopSignal signal;
    kill(getpid(), row.number);
    EXPECT_EQ(signal.wait(), row.want);
  }
}

TEST(StopSignal, CanBeWaitedForUntilATimeIsOver) {
  StopSignal signal;
  EXPECT_EQ(signal.wait_for(std::chrono::milliseconds(1)), std::nullopt);
  kill(getpid(), SIGHUP);
  EXPECT_EQ(signal.wait_for(std::chrono::minutes(1)), Event::reload);
  std::thread sender([&signal] { signal.request_stop(); });
  EXPECT_EQ(signal.wait_for(std::chrono::minutes(1)), Event::stop);
  sender.join();
}

TEST(StopSignal, WakesAThreadThatWaits) {
  StopSignal signal;
  std::thread sender([] { kill(getpid(), SIGHUP); });
  EXPECT_EQ(signal.wait(), Event::reload);
  sender.join();
}

TEST(StopSignal, ReloadsCountAsOneAndAStopComesFirstAndStays) {
  StopSignal signal;
  kill(getpid(), SIGHUP);
  kill(getpid(), SIGHUP);
  EXPECT_EQ(signal.wait(), Event::reload);
  kill(getpid(), SIGHUP);
  kill(getpid(), SIGTERM);
  EXPECT_EQ(signal.wait(), Event::stop);
  EXPECT_EQ(signal.wait(), Event::stop);
}

TEST(StopSignal, AStopCanBeRequestedFromAnotherThread) {
  StopSignal signal;
  std::thread other([&signal] { signal.request_stop(); });
  EXPECT_EQ(signal.wait(), Event::stop);
  other.join();
}

TEST(StopSignal, WritingToAClosedPipeDoesNotKill) {
  const StopSignal signal;
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  close(ends[0]);
  EXPECT_EQ(write(ends[1], "x", 1), -1);
  EXPECT_EQ(errno, EPIPE);
  close(ends[1]);
}

TEST(StopSignal, OpensSignalsThatWhoeverStartedUsLeftBlocked) {
  sigset_t former{};
  pthread_sigmask(SIG_SETMASK, nullptr, &former);
  block({SIGTERM});
  {
    StopSignal signal;
    kill(getpid(), SIGTERM);
    EXPECT_EQ(signal.wait(), Event::stop);
  }
  pthread_sigmask(SIG_SETMASK, &former, nullptr);
}

TEST(StopSignal, LeavesTheDispositionsAsTheyWere) {
  struct sigaction before {};
  struct sigaction after {};
  sigaction(SIGHUP, nullptr, &before);
  { const StopSignal signal; }
  sigaction(SIGHUP, nullptr, &after);
  EXPECT_EQ(before.sa_handler, after.sa_handler);
}

// Another process that sends SIGHUP so many times, once it is let go.
class Sender {
 public:
  explicit Sender(int count) {
    if (pipe(ends_.data()) != 0) std::abort();
    const pid_t target = getpid();
    child_ = fork();
    if (child_ != 0) return;
    char go = 0;
    while (read(ends_[0], &go, 1) < 0) continue;
    for (int i = 0; i < count; ++i) kill(target, SIGHUP);
    _exit(0);
  }
  void run_to_the_end() const {
    EXPECT_EQ(write(ends_[1], "g", 1), 1);
    waitpid(child_, nullptr, 0);
  }

 private:
  std::array<int, 2> ends_{};
  pid_t child_ = 0;
};

// The kernel takes the signals that a thread waits for out of its mask while it waits.
bool stands_in_sigwait(pid_t thread) {
  std::ifstream status("/proc/self/task/" + std::to_string(thread) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("SigBlk:"))
      return (std::stoull(line.substr(7), nullptr, 16) & (1U << (SIGHUP - 1))) == 0;
  }
  return false;
}

// Libmilter keeps a thread in sigwait() for the same signals, and ends the milter at a SIGHUP that it gets.
TEST(StopSignal, AThreadInSigwaitGetsNone) {
#ifdef TECS_THREAD_SANITIZER
  GTEST_SKIP() << "ThreadSanitizer blocks all signals while a handler runs, SA_NODEFER or not";
#endif
  StopSignal signal;
  const Sender sender(200);
  std::atomic<pid_t> thread{0};
  std::atomic<bool> taken{false};
  std::thread libmilter([&] {
    block({SIGHUP, SIGUSR1});
    thread = gettid();
    sigset_t awaited{};
    sigemptyset(&awaited);
    sigaddset(&awaited, SIGHUP);
    sigaddset(&awaited, SIGUSR1);
    for (int number = 0; number != SIGUSR1;) {
      sigwait(&awaited, &number);
      if (number == SIGHUP) taken = true;
    }
  });
  std::thread controller([&] {
    block({SIGHUP});
    while (thread == 0 || !stands_in_sigwait(thread)) std::this_thread::yield();
    sender.run_to_the_end();
    signal.request_stop();
  });
  while (signal.wait() != Event::stop) continue;
  controller.join();
  pthread_kill(libmilter.native_handle(), SIGUSR1);
  libmilter.join();
  EXPECT_FALSE(taken);
}

}  // namespace
}  // namespace tecs
