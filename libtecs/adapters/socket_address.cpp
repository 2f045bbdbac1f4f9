#include "tecs/adapters/socket_address.hpp"

#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace tecs {
namespace {

using AskKernel = int (*)(int, sockaddr*, socklen_t*) noexcept;

Expected<Endpoint> ask(AskKernel question, int socket) {
  SocketAddress address;
  if (question(socket, address.pointer(), &address.length) != 0) {
    return failure(Reason::io_error, system_sentence(errno));
  }
  return address.endpoint();
}

}  // namespace

SocketAddress SocketAddress::of(const IpAddress& address, std::uint16_t port) noexcept {
  SocketAddress result;
  const OctetView octets = address.octets();
  if (address.family() == AddressFamily::ipv4) {
    sockaddr_in raw{};
    raw.sin_family = AF_INET;
    raw.sin_port = htons(port);
    std::memcpy(&raw.sin_addr, octets.data(), octets.size());
    std::memcpy(&result.storage, &raw, sizeof raw);
    result.length = sizeof raw;
  } else {
    sockaddr_in6 raw{};
    raw.sin6_family = AF_INET6;
    raw.sin6_port = htons(port);
    std::memcpy(&raw.sin6_addr, octets.data(), octets.size());
    std::memcpy(&result.storage, &raw, sizeof raw);
    result.length = sizeof raw;
  }
  return result;
}

SocketAddress SocketAddress::of(const sockaddr* address) noexcept {
  SocketAddress result;
  result.length = 0;
  if (address == nullptr) return result;
  if (address->sa_family == AF_INET) result.length = sizeof(sockaddr_in);
  if (address->sa_family == AF_INET6) result.length = sizeof(sockaddr_in6);
  std::memcpy(&result.storage, address, result.length);
  return result;
}

Expected<IpAddress> SocketAddress::address() const {
  if (storage.ss_family == AF_INET) {
    sockaddr_in raw{};
    std::memcpy(&raw, &storage, sizeof raw);
    std::array<std::uint8_t, 4> octets{};
    std::memcpy(octets.data(), &raw.sin_addr, octets.size());
    return IpAddress::from_ipv4(octets);
  }
  if (storage.ss_family == AF_INET6) {
    sockaddr_in6 raw{};
    std::memcpy(&raw, &storage, sizeof raw);
    std::array<std::uint8_t, 16> octets{};
    std::memcpy(octets.data(), &raw.sin6_addr, octets.size());
    return IpAddress::from_ipv6(octets);
  }
  return failure(Reason::bad_endpoint, "neither an IPv4 nor an IPv6 address");
}

Expected<Endpoint> SocketAddress::endpoint() const {
  const auto octets = address();
  if (!octets) return tl::unexpected(octets.error());
  if (storage.ss_family == AF_INET) {
    sockaddr_in raw{};
    std::memcpy(&raw, &storage, sizeof raw);
    return Endpoint::make(*octets, ntohs(raw.sin_port));
  }
  sockaddr_in6 raw{};
  std::memcpy(&raw, &storage, sizeof raw);
  // PROTOCOL section 3: a scoped address is an error, as its octets alone do not say which end it is.
  if (raw.sin6_scope_id != 0) return failure(Reason::bad_endpoint, "a scoped IPv6 address");
  return Endpoint::make(*octets, ntohs(raw.sin6_port));
}

Expected<Endpoint> local_endpoint(int socket) {
  return ask(::getsockname, socket);
}

Expected<Endpoint> peer_endpoint(int socket) {
  return ask(::getpeername, socket);
}

std::string system_sentence(int error) {
  return std::generic_category().message(error);
}

}  // namespace tecs
