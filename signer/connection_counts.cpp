#include "signer/connection_counts.hpp"

#include <utility>

namespace tecs {

ConnectionCounts::Place::Place(Place&& other) noexcept
    : counts_(std::exchange(other.counts_, nullptr)), entry_(other.entry_) {}

ConnectionCounts::Place& ConnectionCounts::Place::operator=(Place&& other) noexcept {
  if (this == &other) return *this;
  give_back();
  counts_ = std::exchange(other.counts_, nullptr);
  entry_ = other.entry_;
  return *this;
}

void ConnectionCounts::Place::give_back() noexcept {
  if (counts_ == nullptr) return;
  if (--entry_->second == 0) counts_->erase(entry_);
  counts_ = nullptr;
}

std::optional<ConnectionCounts::Place> ConnectionCounts::take(const IpAddress& server, std::size_t maximum) {
  const auto entry = counts_.try_emplace(server, 0).first;
  if (maximum != 0 && entry->second >= maximum) return std::nullopt;
  ++entry->second;
  return Place(counts_, entry);
}

}  // namespace tecs
