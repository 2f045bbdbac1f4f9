// Where the signer listens: an end point whose address may be unspecified.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "tecs/error.hpp"
#include "tecs/ip_address.hpp"

namespace tecs {

// Plain value.
struct ListenAddress {
  IpAddress address;
  std::uint16_t port = 0;  // 0: one that the kernel chooses

  // "127.0.0.1:10025", "0.0.0.0:10025", "[::1]:10025", "[::]:10025"; the port not 0. Fails with bad_option.
  [[nodiscard]] static Expected<ListenAddress> parse(std::string_view text);
  [[nodiscard]] std::string format() const;

  friend bool operator==(const ListenAddress&, const ListenAddress&) = default;
};

// A port in decimal digits, not 0, without sign or leading zeros. Fails with bad_option.
[[nodiscard]] Expected<std::uint16_t> parse_port(std::string_view text);

}  // namespace tecs
