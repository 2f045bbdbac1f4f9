// Where a door listens, written as Postfix writes it: "unix:/path", "inet:host:port", "inet6:host:port".
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "tecs/endpoint.hpp"
#include "tecs/error.hpp"
#include "tecs/ip_address.hpp"

namespace tecs {

// Immutable value; thread safe.
class SocketAddress {
 public:
  struct Unix {
    std::string path;  // absolute
  };
  struct Inet {
    IpAddress address;   // may be unspecified: listen on every address
    std::uint16_t port;  // not 0
  };
  // What bind(2) and connect(2) take.
  struct Name {
    sockaddr_storage storage{};
    socklen_t size = 0;
  };

  // host is an IP address, in brackets if it is IPv6, or "localhost": 127.0.0.1 with inet, ::1 with inet6.
  // Names are not looked up, since a daemon must not wait for DNS to start. Fails with bad_option.
  [[nodiscard]] static Expected<SocketAddress> parse(std::string_view text);

  [[nodiscard]] std::string format() const;
  // As Sendmail and libmilter write it: "inet:port@[host]"; a unix socket is the same as in format().
  [[nodiscard]] std::string format_port_first() const;
  [[nodiscard]] Name name() const;
  // Null when it is the other.
  [[nodiscard]] const Unix* unix_socket() const noexcept { return std::get_if<Unix>(&place_); }
  [[nodiscard]] const Inet* inet_socket() const noexcept { return std::get_if<Inet>(&place_); }

 private:
  explicit SocketAddress(std::variant<Unix, Inet> place) noexcept : place_(std::move(place)) {}

  std::variant<Unix, Inet> place_;
};

// The end point in what accept(2) or an MTA gives. Empty for none, and for one that is no TCP end point, such
// as that of a client on a unix socket.
[[nodiscard]] std::optional<Endpoint> endpoint_of(const sockaddr* name);

}  // namespace tecs
