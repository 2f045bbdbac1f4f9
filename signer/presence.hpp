// Something that is counted as long as it is there.
#pragma once

#include <atomic>
#include <cstddef>
#include <utility>

namespace tecs {

// The counter must outlive it; any thread may read that.
class Presence {
 public:
  using Counter = std::atomic<std::size_t>;

  explicit Presence(Counter& counter) noexcept : counter_(&counter) { ++*counter_; }
  Presence(Presence&& other) noexcept : counter_(std::exchange(other.counter_, nullptr)) {}
  Presence& operator=(Presence&& other) noexcept {
    std::swap(counter_, other.counter_);
    return *this;
  }
  Presence(const Presence&) = delete;
  Presence& operator=(const Presence&) = delete;
  ~Presence() {
    if (counter_ != nullptr) --*counter_;
  }

 private:
  Counter* counter_;
};

}  // namespace tecs
