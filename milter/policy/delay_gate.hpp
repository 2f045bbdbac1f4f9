// Slows clients down (a tarpit) without letting them take all of a daemon's threads.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <utility>

namespace tecs {

// Thread safe. Each one who waits keeps a thread, hence the limit.
class DelayGate {
 public:
  // begins: called whenever somebody begins to wait, in their thread; must not wait.
  explicit DelayGate(std::function<void()> begins = [] {}) : begins_(std::move(begins)) {}

  // Waits for so long. Returns early, and false, when that many wait already or the gate is opened.
  bool wait(std::chrono::milliseconds time, std::size_t limit);

  // From now on nobody waits; those who do go on at once.
  void open();

  [[nodiscard]] std::size_t waiting() const;

 private:
  const std::function<void()> begins_;
  mutable std::mutex mutex_;
  std::condition_variable opened_;
  bool open_ = false;
  std::size_t waiting_ = 0;
};

}  // namespace tecs
