// The thread that libmilter's main function has, and how to end it.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "tecs/adapters/door_address.hpp"

namespace tecs {

// For one thread at a time. stop() must have been called before it is destroyed, if start() was.
class MilterThread {
 public:
  // main returns after stop() or after an error of its own; then on_end is called, in that thread. Throws
  // std::system_error when the kernel gives no thread.
  void start(std::function<void()> main, std::function<void()> on_end);

  // Ends the thread. request_stop: makes main return, but takes its time over it; it may block until then.
  // address: where main accepts connections.
  void stop(const std::function<void()>& request_stop, const DoorAddress& address);

 private:
  void run(const std::function<void()>& main, const std::function<void()>& on_end);

  std::thread thread_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  bool ended_ = false;  // main has returned
};

}  // namespace tecs
