#include "signer/signed_tuples.hpp"

#include <algorithm>
#include <functional>
#include <string_view>

#include "tecs/signed_octets.hpp"

namespace tecs {
namespace {

// Any epoch will do, as long as it is always the same.
std::size_t hash_of(const ConnectionTuple& tuple) noexcept {
  const SignedOctets octets(tuple, Epoch::nearest({}));
  const auto* const characters = reinterpret_cast<const char*>(octets.octets().data());
  const std::size_t hash = std::hash<std::string_view>{}({characters, octets.octets().size()});
  return hash == 0 ? 1 : hash;
}

}  // namespace

void SignedTuples::add(const ConnectionTuple& tuple, Epoch epoch) noexcept {
  const std::size_t hash = hash_of(tuple);
  Set& set = sets_[hash % sets_.size()];
  auto* place = std::ranges::find(set, hash, &Entry::hash);
  if (place == set.end()) {
    place = &set.back();
  } else {
    epoch = std::max(epoch, place->epoch);
  }
  // Not the entry of the oldest epoch goes: after the clock was set back that would always be the newest.
  std::shift_right(set.begin(), place + 1, 1);
  set.front() = {hash, epoch};
}

std::optional<Epoch> SignedTuples::latest_epoch(const ConnectionTuple& tuple) const noexcept {
  const std::size_t hash = hash_of(tuple);
  const Set& set = sets_[hash % sets_.size()];
  const auto* const found = std::ranges::find(set, hash, &Entry::hash);
  return found == set.end() ? std::nullopt : std::optional(found->epoch);
}

}  // namespace tecs
