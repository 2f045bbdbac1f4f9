// The network that a client counts with when something is limited: whoever has one address has its
// neighbours too, all of a /24, and of IPv6 a /64 at the least.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "tecs/ip_address.hpp"

namespace tecs {

// Immutable value; thread safe. Clients whose address is not known are one network.
class ClientNetwork {
 public:
  [[nodiscard]] static ClientNetwork of(const std::optional<IpAddress>& client) noexcept;
  // The widest that one customer of a network commonly gets (RFC 6177): /24, and of IPv6 a /48.
  [[nodiscard]] static ClientNetwork site_of(const std::optional<IpAddress>& client) noexcept;

  friend auto operator<=>(const ClientNetwork&, const ClientNetwork&) = default;

 private:
  ClientNetwork() = default;
  [[nodiscard]] static ClientNetwork make(const std::optional<IpAddress>& client,
                                          std::size_t ipv6_octets) noexcept;

  std::uint8_t family_ = 0;
  std::array<std::uint8_t, 8> prefix_{};
};

}  // namespace tecs
