#include "milter/milter_thread.hpp"

#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <utility>

#include "milter/listening_socket.hpp"

#ifdef TECS_THREAD_SANITIZER
// When it stops, libmilter destroys locks that its own workers still use. Only reports with a frame in
// libmilter go unseen: what our callbacks do is above it.
extern "C" const char* __tsan_default_suppressions();
extern "C" const char* __tsan_default_suppressions() {
  return "race:libmilter.so\nmutex:libmilter.so\n";
}
#endif

// libmilter has a thread that waits for these and takes each of them for an order to stop. One that main's
// thread has not taken yet, because the machine is busy, would be found by it when it begins to wait: a
// SIGHUP would end the program. So whoever calls sigwait() in this program, libmilter among them, calls this,
// which waits for all others; libpq does, for SIGPIPE. (The dynamic linker finds what the program itself
// defines before what the C library does.)
extern "C" int sigwait(const sigset_t* set, int* number) {
  sigset_t others = *set;
  for (const int of_the_program : {SIGHUP, SIGTERM, SIGINT}) sigdelset(&others, of_the_program);
  int taken = -1;
  while ((taken = sigwaitinfo(&others, nullptr)) < 0) {
    if (errno != EINTR) return errno;
  }
  *number = taken;
  return 0;
}

namespace tecs {

// Outlives the one that started it, for threads that are not waited for.
struct MilterThread::Progress {
  std::mutex mutex;
  std::condition_variable changed;
  bool stopping = false;
  bool main_ended = false;
  bool stop_requested = false;  // request_stop has returned
};

MilterThread::MilterThread() : progress_(std::make_shared<Progress>()) {}

void MilterThread::start(std::function<void()> main, std::function<void()> on_end) {
  thread_ = std::thread([progress = progress_, main = std::move(main), on_end = std::move(on_end)] {
    main();
    std::unique_lock lock(progress->mutex);
    progress->main_ended = true;
    const bool unexpected = !progress->stopping;
    lock.unlock();
    progress->changed.notify_all();
    if (unexpected) on_end();
  });
}

// libmilter looks whether it is to stop only every five seconds or when a connection comes, and smfi_stop()
// waits for that. So connections come. And it may never return: when it stops it destroys a lock that its own
// threads may hold, whose next unlock does nothing then, and whoever waits for it waits for ever.
bool MilterThread::stop(std::function<void()> request_stop, const DoorAddress& address,
                        std::chrono::milliseconds patience) {
  if (!thread_.joinable()) return true;
  const auto until = std::chrono::steady_clock::now() + patience;
  std::unique_lock lock(progress_->mutex);
  progress_->stopping = true;
  lock.unlock();
  std::thread requesting([progress = progress_, request_stop = std::move(request_stop)] {
    request_stop();
    const std::lock_guard requested(progress->mutex);
    progress->stop_requested = true;
    progress->changed.notify_all();
  });
  lock.lock();
  const auto over = [this] { return progress_->main_ended && progress_->stop_requested; };
  while (!over() && std::chrono::steady_clock::now() < until) {
    lock.unlock();
    knock(address);
    lock.lock();
    progress_->changed.wait_for(lock, std::chrono::milliseconds(20), over);
  }
  const bool ended = over();
  lock.unlock();
  for (std::thread* const thread : {&requesting, &thread_}) ended ? thread->join() : thread->detach();
  return ended;
}

}  // namespace tecs
