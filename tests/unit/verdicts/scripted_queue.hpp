// A queue of verdicts to be forwarded that does as it is told.
#pragma once

#include <deque>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "unit/verdicts/verdict_samples.hpp"
#include "verdicts/forward_queue.hpp"

namespace tecs::test {

// The test keeps it when the forwarder owns the queue. Thread safe.
class QueueScript {
 public:
  void add(unsigned first, unsigned count) {
    for (unsigned i = first; i < first + count; ++i) add(numbered_verdict(i).id, numbered_verdict(i));
  }
  void add_lost(const std::string& id) { add(id, failure(Reason::protocol_error, "it is gone")); }

  void fail_from_now() { set_failing(true); }
  void succeed_from_now() { set_failing(false); }

  [[nodiscard]] std::size_t size() const {
    const std::scoped_lock lock(mutex_);
    return queue_.size();
  }

  [[nodiscard]] Expected<std::vector<QueuedVerdict>> front(std::size_t maximum) const {
    const std::scoped_lock lock(mutex_);
    if (failing_) return failed();
    const auto count = static_cast<std::ptrdiff_t>(std::min(maximum, queue_.size()));
    return std::vector<QueuedVerdict>(queue_.begin(), queue_.begin() + count);
  }
  [[nodiscard]] Expected<void> remove_to(std::int64_t sequence) {
    const std::scoped_lock lock(mutex_);
    if (failing_) return failed();
    while (!queue_.empty() && queue_.front().sequence <= sequence) queue_.pop_front();
    return {};
  }
  [[nodiscard]] Expected<std::size_t> length() const {
    const std::scoped_lock lock(mutex_);
    if (failing_) return failed();
    return queue_.size();
  }

 private:
  static tl::unexpected<Error> failed() { return failure(Reason::io_error, "the own disk is full"); }
  void add(const std::string& id, Expected<Verdict> verdict) {
    const std::scoped_lock lock(mutex_);
    queue_.push_back({++last_, id, std::move(verdict)});
  }
  void set_failing(bool failing) {
    const std::scoped_lock lock(mutex_);
    failing_ = failing;
  }

  mutable std::mutex mutex_;
  std::deque<QueuedVerdict> queue_;
  std::int64_t last_ = 0;
  bool failing_ = false;
};

class ScriptedQueue final : public ForwardQueue {
 public:
  explicit ScriptedQueue(QueueScript& script) : script_(script) {}
  Expected<std::vector<QueuedVerdict>> front(std::size_t maximum) override { return script_.front(maximum); }
  Expected<void> remove_to(std::int64_t sequence) override { return script_.remove_to(sequence); }
  Expected<std::size_t> length() override { return script_.length(); }

 private:
  QueueScript& script_;
};

}  // namespace tecs::test
