// Slows clients down (a tarpit) without letting them take all of a daemon's threads.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>

namespace tecs {

// Thread safe. Each one who waits keeps a thread, hence the limit.
class DelayGate {
 public:
  // Waits for so long. Returns early, and false, when that many wait already or the gate is opened.
  bool wait(std::chrono::milliseconds time, std::size_t limit);

  // From now on nobody waits; those who do go on at once.
  void open();

  [[nodiscard]] std::size_t waiting() const;

 private:
  mutable std::mutex mutex_;
  std::condition_variable opened_;
  bool open_ = false;
  std::size_t waiting_ = 0;
};

}  // namespace tecs
