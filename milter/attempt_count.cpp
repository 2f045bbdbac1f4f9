#include "milter/attempt_count.hpp"

#include <iterator>

namespace tecs {

unsigned AttemptCount::next(const ConnectionTuple& connection) {
  const std::lock_guard lock(mutex_);
  const auto now = clock_.steady();
  while (!entries_.empty() && now - entries_.front().first >= period) forget_oldest();
  const auto known = by_connection_.find(connection);
  if (known != by_connection_.end()) return ++known->second->attempts;
  if (entries_.size() >= maximum_connections) forget_oldest();
  entries_.push_back({connection, 1, now});
  by_connection_.emplace(connection, std::prev(entries_.end()));
  return 1;
}

// The lock is held.
void AttemptCount::forget_oldest() {
  by_connection_.erase(entries_.front().connection);
  entries_.pop_front();
}

std::size_t AttemptCount::size() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

}  // namespace tecs
