#include "tecs/endpoint.hpp"

#include <charconv>
#include <optional>

namespace tecs {
namespace {

std::optional<std::uint16_t> parse_port(std::string_view text) noexcept {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return port;
}

}  // namespace

Expected<Endpoint> Endpoint::make(const IpAddress& address, std::uint16_t port) {
  if (address.unspecified()) return failure(Reason::bad_endpoint, "an end point needs a specified address");
  if (port == 0) return failure(Reason::bad_endpoint, "an end point needs a port other than 0");
  return Endpoint(address, port);
}

Expected<Endpoint> Endpoint::parse(std::string_view text) {
  const bool bracketed = text.starts_with('[');
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return failure(Reason::bad_endpoint, "not of the form address:port");
  std::string_view host = text.substr(0, colon);
  if (bracketed) {
    if (!host.ends_with(']')) return failure(Reason::bad_endpoint, "not of the form [address]:port");
    host = host.substr(1, host.size() - 2);
  }
  // Only IPv6 holds colons, and without brackets its port could be part of the address.
  if (bracketed != (host.find(':') != std::string_view::npos)) {
    return failure(Reason::bad_endpoint,
                   "an IPv6 address with a port is written [address]:port, IPv4 address:port");
  }
  const auto port = parse_port(text.substr(colon + 1));
  if (!port) return failure(Reason::bad_endpoint, "the port is not a number from 1 to 65535");
  return IpAddress::parse(host).and_then([&](const IpAddress& address) { return make(address, *port); });
}

std::string Endpoint::format() const {
  const std::string port = std::to_string(port_);
  if (address_.family() == AddressFamily::ipv6) return "[" + address_.format() + "]:" + port;
  return address_.format() + ":" + port;
}

}  // namespace tecs
