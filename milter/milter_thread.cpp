#include "milter/milter_thread.hpp"

#include <chrono>
#include <utility>

#include "milter/listening_socket.hpp"

#ifdef __SANITIZE_THREAD__
// When it stops, libmilter destroys locks that its own workers still use. Only reports with a frame in
// libmilter go unseen: what our callbacks do is above it.
extern "C" const char* __tsan_default_suppressions();
extern "C" const char* __tsan_default_suppressions() {
  return "race:libmilter.so\nmutex:libmilter.so\n";
}
#endif

namespace tecs {

void MilterThread::start(std::function<void()> main, std::function<void()> on_end) {
  thread_ = std::thread([this, main = std::move(main), on_end = std::move(on_end)] { run(main, on_end); });
}

void MilterThread::run(const std::function<void()>& main, const std::function<void()>& on_end) {
  main();
  std::unique_lock lock(mutex_);
  ended_ = true;
  const bool unexpected = !stopping_;
  lock.unlock();
  changed_.notify_all();
  if (unexpected) on_end();
}

// libmilter looks whether it is to stop only every five seconds or when a connection comes, and smfi_stop()
// waits for that. So connections come.
void MilterThread::stop(const std::function<void()>& request_stop, const DoorAddress& address) {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  std::thread requesting(request_stop);
  std::unique_lock lock(mutex_);
  while (!ended_) {
    lock.unlock();
    knock(address);
    lock.lock();
    changed_.wait_for(lock, std::chrono::milliseconds(20), [this] { return ended_; });
  }
  lock.unlock();
  requesting.join();
  thread_.join();
}

}  // namespace tecs
