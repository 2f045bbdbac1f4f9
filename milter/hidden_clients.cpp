#include "milter/hidden_clients.hpp"

#include <algorithm>

#include "milter/private_address.hpp"

namespace tecs {

bool HiddenClients::seem_so(const IpAddress& client) {
  const std::lock_guard lock(mutex_);
  if (last_ != client) {
    last_ = client;
    repeated_ = 0;
  }
  repeated_ = std::min(repeated_ + 1, connections);
  if (repeated_ < connections || !is_private(client)) return false;
  const auto now = clock_.steady();
  if (said_ && now - *said_ < interval) return false;
  said_ = now;
  return true;
}

}  // namespace tecs
