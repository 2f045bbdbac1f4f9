// Where a door listens, written as Postfix writes it: "unix:/path", "inet:host:port", "inet6:host:port".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "tecs/adapters/socket_address.hpp"
#include "tecs/api.hpp"
#include "tecs/error.hpp"
#include "tecs/ip_address.hpp"

namespace tecs {

// Immutable value; thread safe.
class TECS_API DoorAddress {
 public:
  struct Unix {
    std::string path;  // absolute
  };
  struct Inet {
    IpAddress address;   // may be unspecified: listen on every address
    std::uint16_t port;  // not 0
  };

  // host is an IP address, in brackets if it is IPv6, or "localhost": 127.0.0.1 with inet, ::1 with inet6.
  // Names are not looked up, since a daemon must not wait for DNS to start. Fails with bad_option.
  [[nodiscard]] static Expected<DoorAddress> parse(std::string_view text);

  [[nodiscard]] std::string format() const;
  // As Sendmail and libmilter write it: "inet:port@[host]"; a unix socket is the same as in format().
  [[nodiscard]] std::string format_port_first() const;
  // What bind(2) and connect(2) take.
  [[nodiscard]] SocketAddress socket_address() const;
  // Null when it is the other.
  [[nodiscard]] const Unix* unix_socket() const noexcept { return std::get_if<Unix>(&place_); }
  [[nodiscard]] const Inet* inet_socket() const noexcept { return std::get_if<Inet>(&place_); }

 private:
  explicit DoorAddress(std::variant<Unix, Inet> place) noexcept : place_(std::move(place)) {}

  std::variant<Unix, Inet> place_;
};

}  // namespace tecs
