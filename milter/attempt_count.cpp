#include "milter/attempt_count.hpp"

namespace tecs {

unsigned AttemptCount::next(const ConnectionTuple& connection) {
  const std::lock_guard lock(mutex_);
  const auto now = clock_.steady();
  while (!entries_.empty() && now - entries_.back().last >= silence) forget_last();
  const auto known = by_connection_.find(connection);
  if (known != by_connection_.end()) {
    entries_.splice(entries_.begin(), entries_, known->second);
    entries_.front().last = now;
    return ++entries_.front().attempts;
  }
  if (entries_.size() >= maximum_connections) forget_last();
  entries_.push_front({connection, 1, now});
  by_connection_.emplace(connection, entries_.begin());
  return 1;
}

// The lock is held.
void AttemptCount::forget_last() {
  by_connection_.erase(entries_.back().connection);
  entries_.pop_back();
}

std::size_t AttemptCount::size() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

}  // namespace tecs
