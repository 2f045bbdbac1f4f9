// A range of addresses that share their first bits (RFC 4632 section 3.1, RFC 4291 section 2.3).
#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "tecs/api.hpp"
#include "tecs/error.hpp"
#include "tecs/ip_address.hpp"

namespace tecs {

// Immutable value; thread safe.
class TECS_API Network {
 public:
  // "192.0.2.0/24", "2001:db8::/32", or one address. A mapped network (::ffff:192.0.2.0/120) is the IPv4
  // network. Fails with bad_option, also when bits are set that do not belong to the network: such a line was
  // meant to say something else.
  [[nodiscard]] static Expected<Network> parse(std::string_view text);

  // The network of this many bits that the address is in. bits: at most those of the family are used.
  [[nodiscard]] static Network around(const IpAddress& address, unsigned bits) noexcept;

  [[nodiscard]] const IpAddress& address() const noexcept { return address_; }  // the first one
  [[nodiscard]] unsigned bits() const noexcept { return bits_; }
  [[nodiscard]] bool contains(const IpAddress& address) const noexcept;
  [[nodiscard]] std::string format() const;  // always with its bits: "192.0.2.1/32"

  friend auto operator<=>(const Network&, const Network&) = default;

 private:
  Network(const IpAddress& address, unsigned bits) noexcept : address_(address), bits_(bits) {}

  IpAddress address_;
  unsigned bits_;
};

}  // namespace tecs
