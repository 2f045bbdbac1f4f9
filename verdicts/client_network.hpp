// The network that a client counts with when something is limited or counted: whoever has one address has
// its neighbours too, all of a /24, and of IPv6 a /64 at the least.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tecs/ip_address.hpp"

namespace tecs {

// Immutable value of 10 octets; thread safe. Clients whose address is not known are one network.
class ClientNetwork {
 public:
  [[nodiscard]] static ClientNetwork of(const std::optional<IpAddress>& client) noexcept;
  // The widest that one customer of a network commonly gets (RFC 6177): /24, and of IPv6 a /48.
  [[nodiscard]] static ClientNetwork site_of(const std::optional<IpAddress>& client) noexcept;
  // client: as in a verdict, "192.0.2.7:40213", "[2001:db8::7]:40213" or an address alone. Anything else is a
  // client that is not known.
  [[nodiscard]] static ClientNetwork site_of(std::string_view client);

  // "192.0.2.0/24", "2001:db8:1::/48"; empty: not known.
  [[nodiscard]] std::string format() const;

  friend auto operator<=>(const ClientNetwork&, const ClientNetwork&) = default;

 private:
  ClientNetwork() = default;
  [[nodiscard]] static ClientNetwork make(const std::optional<IpAddress>& client,
                                          std::uint8_t ipv6_bits) noexcept;

  std::uint8_t family_ = 0;
  std::uint8_t bits_ = 0;
  std::array<std::uint8_t, 8> prefix_{};
};

}  // namespace tecs
