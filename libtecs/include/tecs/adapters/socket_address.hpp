// Between addresses as TECS has them and as the kernel has them.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <string>

#include "tecs/api.hpp"
#include "tecs/endpoint.hpp"
#include "tecs/error.hpp"
#include "tecs/ip_address.hpp"

namespace tecs {

// Plain value.
struct TECS_API SocketAddress {
  sockaddr_storage storage{};
  socklen_t length = sizeof(sockaddr_storage);

  [[nodiscard]] static SocketAddress of(const IpAddress& address, std::uint16_t port) noexcept;
  [[nodiscard]] static SocketAddress of(const Endpoint& endpoint) noexcept {
    return of(endpoint.address(), endpoint.port());
  }
  // IPv4 or IPv6; what is null or of another family becomes an address of no family.
  [[nodiscard]] static SocketAddress of(const sockaddr* address) noexcept;

  // Without its port, and without the scope of an IPv6 address. An IPv4-mapped address becomes IPv4. Fails
  // with bad_endpoint for another family.
  [[nodiscard]] Expected<IpAddress> address() const;
  // An IPv4-mapped address becomes IPv4. Fails with bad_endpoint for another family and for what Endpoint
  // refuses.
  [[nodiscard]] Expected<Endpoint> endpoint() const;

  // What bind(), connect(), getsockname() and so on take.
  [[nodiscard]] sockaddr* pointer() noexcept { return reinterpret_cast<sockaddr*>(&storage); }
  [[nodiscard]] const sockaddr* pointer() const noexcept {
    return reinterpret_cast<const sockaddr*>(&storage);
  }
};

// Both ends of a socket's connection. Fail with io_error, or as endpoint() does.
[[nodiscard]] TECS_API Expected<Endpoint> local_endpoint(int socket);
[[nodiscard]] TECS_API Expected<Endpoint> peer_endpoint(int socket);

// The sentence for an errno, "Connection refused".
[[nodiscard]] TECS_API std::string system_sentence(int error);

}  // namespace tecs
