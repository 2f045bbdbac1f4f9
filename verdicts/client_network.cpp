#include "verdicts/client_network.hpp"

#include <algorithm>

#include "tecs/endpoint.hpp"
#include "tecs/network.hpp"

namespace tecs {
namespace {

constexpr std::uint8_t ipv4_bits = 24;

std::optional<IpAddress> address_of(std::string_view client) {
  if (const auto endpoint = Endpoint::parse(client)) return endpoint->address();
  if (const auto address = IpAddress::parse(client)) return *address;
  return std::nullopt;
}

}  // namespace

ClientNetwork ClientNetwork::make(const std::optional<IpAddress>& client, std::uint8_t ipv6_bits) noexcept {
  ClientNetwork network;
  if (!client) return network;
  network.family_ = static_cast<std::uint8_t>(client->family());
  network.bits_ = client->family() == AddressFamily::ipv4 ? ipv4_bits : ipv6_bits;
  const OctetView octets = client->octets().first(network.bits_ / 8);
  std::copy(octets.begin(), octets.end(), network.prefix_.begin());
  return network;
}

ClientNetwork ClientNetwork::of(const std::optional<IpAddress>& client) noexcept {
  return make(client, 64);
}

ClientNetwork ClientNetwork::site_of(const std::optional<IpAddress>& client) noexcept {
  return make(client, 48);
}

ClientNetwork ClientNetwork::site_of(std::string_view client) {
  return site_of(address_of(client));
}

std::string ClientNetwork::format() const {
  if (bits_ == 0) return {};
  if (bits_ == ipv4_bits)
    return Network::around(IpAddress::from_ipv4({prefix_[0], prefix_[1], prefix_[2], 0}), bits_).format();
  std::array<std::uint8_t, 16> octets{};
  std::copy(prefix_.begin(), prefix_.end(), octets.begin());
  return Network::around(IpAddress::from_ipv6(octets), bits_).format();
}

}  // namespace tecs
