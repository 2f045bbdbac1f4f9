#include "tecs/adapters/door_address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <charconv>
#include <cstring>

namespace tecs {
namespace {

// RFC 6335 section 6: decimal; port 0 is not one that can be connected to.
std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

Expected<IpAddress> parse_host(std::string_view host, AddressFamily localhost) {
  if (host == "localhost") return IpAddress::parse(localhost == AddressFamily::ipv6 ? "::1" : "127.0.0.1");
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  auto address = IpAddress::parse(host);
  const bool colons = host.find(':') != std::string_view::npos;
  if (!address || bracketed != colons) {
    return failure(Reason::bad_option, "the host must be an IP address, IPv6 in brackets, or localhost");
  }
  return address;
}

Expected<DoorAddress::Inet> parse_inet(std::string_view place, AddressFamily family) {
  const std::size_t colon = place.rfind(':');
  if (colon == std::string_view::npos) return failure(Reason::bad_option, "a port is missing");
  const auto port = parse_port(place.substr(colon + 1));
  if (!port) return failure(Reason::bad_option, "the port must be a number from 1 to 65535");
  const auto address = parse_host(place.substr(0, colon), family);
  if (!address) return tl::unexpected(address.error());
  if (family == AddressFamily::ipv6 && address->family() != AddressFamily::ipv6) {
    return failure(Reason::bad_option, "inet6 takes an IPv6 address");
  }
  return DoorAddress::Inet{*address, *port};
}

Expected<DoorAddress::Unix> parse_unix(std::string_view path) {
  if (path.empty() || path.front() != '/') {
    return failure(Reason::bad_option, "the path of a unix socket must begin with /");
  }
  if (path.size() >= sizeof(sockaddr_un::sun_path) || path.find('\0') != std::string_view::npos) {
    return failure(Reason::bad_option, "the path of a unix socket may have 107 octets");
  }
  return DoorAddress::Unix{std::string(path)};
}

}  // namespace

Expected<DoorAddress> DoorAddress::parse(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string_view type = text.substr(0, colon);
  const std::string_view place =
      colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
  const auto wrap = [](auto parsed) -> Expected<DoorAddress> {
    if (!parsed) return tl::unexpected(parsed.error());
    return DoorAddress(std::move(*parsed));
  };
  if (type == "unix") return wrap(parse_unix(place));
  if (type == "inet") return wrap(parse_inet(place, AddressFamily::ipv4));
  if (type == "inet6") return wrap(parse_inet(place, AddressFamily::ipv6));
  return failure(Reason::bad_option, "a socket is written unix:/path, inet:host:port or inet6:[host]:port");
}

std::string DoorAddress::format() const {
  if (const Unix* const local = unix_socket()) return "unix:" + local->path;
  const Inet& inet = std::get<Inet>(place_);
  const bool ipv6 = inet.address.family() == AddressFamily::ipv6;
  const std::string host = inet.address.format();
  return (ipv6 ? "inet6:[" + host + "]:" : "inet:" + host + ":") + std::to_string(inet.port);
}

std::string DoorAddress::format_port_first() const {
  const Inet* const inet = inet_socket();
  if (inet == nullptr) return format();
  const std::string type = inet->address.family() == AddressFamily::ipv6 ? "inet6:" : "inet:";
  return type + std::to_string(inet->port) + "@[" + inet->address.format() + "]";
}

SocketAddress DoorAddress::socket_address() const {
  if (const Inet* const inet = inet_socket()) return SocketAddress::of(inet->address, inet->port);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::get<Unix>(place_).path.copy(address.sun_path, sizeof(address.sun_path) - 1);
  SocketAddress result;
  std::memcpy(&result.storage, &address, sizeof(address));
  result.length = sizeof(address);
  return result;
}

}  // namespace tecs
