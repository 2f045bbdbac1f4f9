#include "milter/client_network.hpp"

#include <algorithm>

namespace tecs {

ClientNetwork ClientNetwork::of(const std::optional<IpAddress>& client) noexcept {
  ClientNetwork network;
  if (!client) return network;
  network.family_ = static_cast<std::uint8_t>(client->family());
  const OctetView octets = client->octets().first(client->family() == AddressFamily::ipv4 ? 3 : 8);
  std::copy(octets.begin(), octets.end(), network.prefix_.begin());
  return network;
}

}  // namespace tecs
