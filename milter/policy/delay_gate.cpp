#include "milter/policy/delay_gate.hpp"

namespace tecs {

bool DelayGate::wait(std::chrono::milliseconds time, std::size_t limit) {
  std::unique_lock lock(mutex_);
  if (open_ || waiting_ >= limit) return false;
  ++waiting_;
  lock.unlock();
  begins_();
  lock.lock();
  const bool interrupted = opened_.wait_for(lock, time, [this] { return open_; });
  --waiting_;
  return !interrupted;
}

void DelayGate::open() {
  {
    const std::lock_guard lock(mutex_);
    open_ = true;
  }
  opened_.notify_all();
}

std::size_t DelayGate::waiting() const {
  const std::lock_guard lock(mutex_);
  return waiting_;
}

}  // namespace tecs
