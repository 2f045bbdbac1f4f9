#include "milter/replay_memory.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <iterator>
#include <string>

#include "tecs/octets.hpp"
#include "tecs/signed_octets.hpp"

namespace tecs {
namespace {

// Domains can be long and strangers choose them; this has the same size for all, and no two share it.
Digest digest_of(const SignedConnection& signature) {
  const SignedOctets octets(signature.tuple, signature.epoch);
  std::string text(text_of(octets.octets()));
  text.append(signature.domain.text());
  return sha256(octets_of(text));
}

}  // namespace

std::size_t ReplayMemory::DigestHash::operator()(const Digest& digest) const noexcept {
  return std::bit_cast<std::array<std::size_t, sizeof(Digest) / sizeof(std::size_t)>>(digest).front();
}

ReplayMemory::Use ReplayMemory::use(const SignedConnection& signature, const SignatureUser& user,
                                    const Now& now, int tolerance, std::size_t maximum) {
  const Digest digest = digest_of(signature);
  const ClientNetwork network = ClientNetwork::site_of(signature.tuple.source().address());
  const std::lock_guard lock(mutex_);
  forget_expired(now, tolerance);

  const auto epoch = by_epoch_.find(signature.epoch);
  if (epoch != by_epoch_.end()) {
    const auto& entries = epoch->second.entries;
    const auto known = entries.find(digest);
    if (known != entries.end()) return known->second.user == user ? Use::same_user : Use::replay;
  }
  if (forgotten_ && signature.epoch <= *forgotten_) return Use::unknown;
  if (size_ >= maximum) return Use::unknown;
  std::size_t& of_network = by_network_[network];
  if (of_network >= std::max<std::size_t>(maximum / shares, 1)) return Use::unknown;
  OfEpoch& of_epoch = by_epoch_[signature.epoch];
  of_epoch.entries.emplace(digest, Entry{user, network});
  of_epoch.last = now.steady;
  ++of_network;
  ++size_;
  return Use::first;
}

// The lock is held.
void ReplayMemory::forget_expired(const Now& now, int tolerance) {
  for (auto epoch = by_epoch_.begin();
       epoch != by_epoch_.end() && expiry(epoch->first, tolerance) <= now.time;) {
    forgotten_ = std::max(forgotten_.value_or(epoch->first), epoch->first);
    last_forgotten_ = now.steady;
    epoch = forget(epoch);
  }
  // From a clock that was wrong, or is now.
  const Epoch furthest = Epoch::nearest(now.time).moved(2 * VerifierOptions::maximum_epoch_tolerance);
  for (auto epoch = by_epoch_.upper_bound(furthest); epoch != by_epoch_.end();) {
    epoch = now.steady - epoch->second.last >= longest_window ? forget(epoch) : std::next(epoch);
  }
  if (forgotten_ > furthest && now.steady - last_forgotten_ >= longest_window) forgotten_.reset();
}

// The lock is held.
ReplayMemory::Epochs::iterator ReplayMemory::forget(Epochs::iterator epoch) {
  for (const auto& [digest, entry] : epoch->second.entries) {
    const auto of_network = by_network_.find(entry.network);
    if (--of_network->second == 0) by_network_.erase(of_network);
  }
  size_ -= epoch->second.entries.size();
  return by_epoch_.erase(epoch);
}

std::size_t ReplayMemory::size() const {
  const std::lock_guard lock(mutex_);
  return size_;
}

}  // namespace tecs
