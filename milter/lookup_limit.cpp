#include "milter/lookup_limit.hpp"

#include <algorithm>

namespace tecs {

std::optional<LookupLimit::Permit> LookupLimit::begin(const ClientNetwork& network,
                                                      const LookupLimits& limits) {
  const std::lock_guard lock(mutex_);
  const auto mine = under_way_.find(network);
  if (total_ >= limits.under_way) return std::nullopt;
  if (mine != under_way_.end() && mine->second >= std::max(limits.under_way / shares, 1U))
    return std::nullopt;
  if (!take_one(network, limits.per_minute)) return std::nullopt;
  ++under_way_[network];
  ++total_;
  return Permit(*this, network);
}

// The lock is held. An allowance grows with time up to what one minute gives.
bool LookupLimit::take_one(const ClientNetwork& network, unsigned per_minute) {
  const Time now = clock_.steady();
  const double full = per_minute;
  const auto known = by_network_.find(network);
  if (known == by_network_.end()) {
    if (allowances_.size() >= maximum_networks) {
      by_network_.erase(allowances_.back().network);
      allowances_.pop_back();
    }
    allowances_.push_front({network, full, now});
    by_network_.emplace(network, allowances_.begin());
  } else {
    allowances_.splice(allowances_.begin(), allowances_, known->second);
  }
  Allowance& allowance = allowances_.front();
  const std::chrono::duration<double, std::chrono::minutes::period> passed = now - allowance.as_of;
  allowance.left = std::min(full, allowance.left + full * passed.count());
  allowance.as_of = now;
  if (allowance.left < 1) return false;
  --allowance.left;
  return true;
}

void LookupLimit::end(const ClientNetwork& network) noexcept {
  const std::lock_guard lock(mutex_);
  const auto mine = under_way_.find(network);
  if (--mine->second == 0) under_way_.erase(mine);
  --total_;
}

std::size_t LookupLimit::under_way() const {
  const std::lock_guard lock(mutex_);
  return total_;
}

std::size_t LookupLimit::networks() const {
  const std::lock_guard lock(mutex_);
  return allowances_.size();
}

}  // namespace tecs
