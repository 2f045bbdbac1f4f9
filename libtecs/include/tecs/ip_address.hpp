// An IPv4 or IPv6 address as it counts in TECS: an IPv4-mapped IPv6 address is the IPv4 address (PROTOCOL
// section 3), and there is no scope.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "tecs/api.hpp"
#include "tecs/error.hpp"
#include "tecs/octets.hpp"

namespace tecs {

enum class AddressFamily : std::uint8_t { ipv4 = 0x04, ipv6 = 0x06 };  // the octet that is signed

// Immutable value, 17 octets; cheap to copy, thread safe.
class TECS_API IpAddress {
 public:
  // Dotted quad, or IPv6 without brackets. Refuses a scoped address (fe80::1%eth0) and anything inet_pton
  // does.
  [[nodiscard]] static Expected<IpAddress> parse(std::string_view text);
  [[nodiscard]] static IpAddress from_ipv4(const std::array<std::uint8_t, 4>& octets) noexcept;
  // A mapped address (::ffff:192.0.2.1) becomes IPv4.
  [[nodiscard]] static IpAddress from_ipv6(const std::array<std::uint8_t, 16>& octets) noexcept;

  [[nodiscard]] AddressFamily family() const noexcept { return family_; }
  // 4 or 16 octets in network order; the view lives as long as this object.
  [[nodiscard]] OctetView octets() const noexcept {
    return {octets_.data(), family_ == AddressFamily::ipv4 ? std::size_t{4} : octets_.size()};
  }
  [[nodiscard]] bool unspecified() const noexcept;  // 0.0.0.0 or ::
  [[nodiscard]] bool loopback() const noexcept;     // 127.0.0.0/8 or ::1
  [[nodiscard]] std::string format() const;         // RFC 5952, no brackets

  friend auto operator<=>(const IpAddress&, const IpAddress&) = default;

 private:
  IpAddress(AddressFamily family, const std::array<std::uint8_t, 16>& octets) noexcept
      : family_(family), octets_(octets) {}

  AddressFamily family_;
  std::array<std::uint8_t, 16> octets_;  // the rest is zero for IPv4
};

}  // namespace tecs
