#include "milter/client_network.hpp"

#include <algorithm>

namespace tecs {

ClientNetwork ClientNetwork::make(const std::optional<IpAddress>& client, std::size_t ipv6_octets) noexcept {
  ClientNetwork network;
  if (!client) return network;
  network.family_ = static_cast<std::uint8_t>(client->family());
  const OctetView octets = client->octets().first(client->family() == AddressFamily::ipv4 ? 3 : ipv6_octets);
  std::copy(octets.begin(), octets.end(), network.prefix_.begin());
  return network;
}

ClientNetwork ClientNetwork::of(const std::optional<IpAddress>& client) noexcept {
  return make(client, 8);
}

ClientNetwork ClientNetwork::site_of(const std::optional<IpAddress>& client) noexcept {
  return make(client, 6);
}

}  // namespace tecs
