// One end of a TCP connection: an address that is specified and a port that is not 0 (PROTOCOL section 3).
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "tecs/api.hpp"
#include "tecs/error.hpp"
#include "tecs/ip_address.hpp"

namespace tecs {

// Immutable value; thread safe.
class TECS_API Endpoint {
 public:
  // Fails with bad_endpoint for port 0 or an unspecified address.
  [[nodiscard]] static Expected<Endpoint> make(const IpAddress& address, std::uint16_t port);
  // "192.0.2.25:25" or "[2001:db8::25]:25".
  [[nodiscard]] static Expected<Endpoint> parse(std::string_view text);

  [[nodiscard]] const IpAddress& address() const noexcept { return address_; }
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  [[nodiscard]] std::string format() const;

  friend auto operator<=>(const Endpoint&, const Endpoint&) = default;

 private:
  Endpoint(const IpAddress& address, std::uint16_t port) noexcept : address_(address), port_(port) {}

  IpAddress address_;
  std::uint16_t port_;
};

}  // namespace tecs
