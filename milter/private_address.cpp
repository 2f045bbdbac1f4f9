#include "milter/private_address.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace tecs {
namespace {

struct Network {
  AddressFamily family;
  std::uint16_t prefix;  // the first two octets
  std::uint16_t mask;
};

// No prefix here is longer than 16 bits.
constexpr std::array networks{
    Network{AddressFamily::ipv4, 0x0a00, 0xff00},  // 10.0.0.0/8
    Network{AddressFamily::ipv4, 0xac10, 0xfff0},  // 172.16.0.0/12
    Network{AddressFamily::ipv4, 0xc0a8, 0xffff},  // 192.168.0.0/16
    Network{AddressFamily::ipv4, 0xa9fe, 0xffff},  // 169.254.0.0/16
    Network{AddressFamily::ipv4, 0x6440, 0xffc0},  // 100.64.0.0/10
    Network{AddressFamily::ipv6, 0xfe80, 0xffc0},  // fe80::/10
    Network{AddressFamily::ipv6, 0xfc00, 0xfe00},  // fc00::/7
};

}  // namespace

bool is_private(const IpAddress& address) noexcept {
  if (address.loopback()) return true;
  const OctetView octets = address.octets();
  const unsigned first = octets[0] * 256U + octets[1];
  return std::any_of(networks.begin(), networks.end(), [&](const Network& network) {
    return network.family == address.family() && (first & network.mask) == network.prefix;
  });
}

}  // namespace tecs
