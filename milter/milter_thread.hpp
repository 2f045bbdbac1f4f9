// The thread that libmilter's main function has, and how to end it.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <thread>

#include "tecs/adapters/door_address.hpp"

namespace tecs {

// For one thread at a time. stop() must have been called before it is destroyed, if start() was.
class MilterThread {
 public:
  MilterThread();

  // main returns after stop() or after an error of its own; then on_end is called, in that thread. Throws
  // std::system_error when the kernel gives no thread.
  void start(std::function<void()> main, std::function<void()> on_end);

  // Ends the thread. request_stop: makes main return, but takes its time over it; it may block until then.
  // address: where main accepts connections. False: main has not returned after so long, and may never do so;
  // it is not waited for any more, and whatever it uses must not be destroyed.
  [[nodiscard]] bool stop(std::function<void()> request_stop, const DoorAddress& address,
                          std::chrono::milliseconds patience);

 private:
  struct Progress;

  std::shared_ptr<Progress> progress_;
  std::thread thread_;
};

}  // namespace tecs
