#include "signer/shared_lookup.hpp"

#include <utility>

namespace tecs {

SharedLookup::SharedLookup(AddressLookup lookup, const Clock& clock, const SharedLookupTimes& times)
    : lookup_(std::move(lookup)), clock_(clock), times_(times) {}

Expected<std::vector<IpAddress>> SharedLookup::addresses(const std::string& host) {
  const std::lock_guard lock(mutex_);
  if (!answer_ || clock_.steady() >= good_until_) {
    answer_ = lookup_(host);
    good_until_ = clock_.steady() + (*answer_ ? times_.found : times_.failed);
  }
  return *answer_;
}

}  // namespace tecs
