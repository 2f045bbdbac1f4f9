#include "signer/upstream.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <variant>

#include "tecs/adapters/socket_address.hpp"

namespace tecs {
namespace {

Expected<void> bind_source(int socket, const SourceAddress& source) {
  const int on = 1;
  if (source.transparent) {
    const bool ipv4 = source.address.family() == AddressFamily::ipv4;
    const int set = ipv4 ? ::setsockopt(socket, SOL_IP, IP_TRANSPARENT, &on, sizeof on)
                         : ::setsockopt(socket, SOL_IPV6, IPV6_TRANSPARENT, &on, sizeof on);
    if (set != 0) {
      return failure(Reason::io_error, "cannot use the address of another host (" + system_sentence(errno) +
                                           "): source = transparent needs the capability CAP_NET_ADMIN");
    }
  }
  // Leaves the choice of the port to connect(), which can use one port for several servers. Best effort.
  (void)::setsockopt(socket, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  const SocketAddress address = SocketAddress::of(source.address, 0);
  if (::bind(socket, address.pointer(), address.length) == 0) return {};
  return failure(Reason::io_error,
                 "cannot use the MTA's address " + source.address.format() + ": " + system_sentence(errno));
}

SourceChoice choice_of(const RelaySettings& settings) {
  const bool redirected = std::holds_alternative<OriginalDestination>(settings.upstream);
  return settings.source.value_or(redirected ? SourceChoice::mta : SourceChoice::system);
}

}  // namespace

Expected<std::optional<SourceAddress>> source_address(const RelaySettings& settings, Connection& mta) {
  const SourceChoice choice = choice_of(settings);
  if (choice == SourceChoice::system) return std::nullopt;
  return peer_endpoint(mta.descriptor()).map([choice](const Endpoint& client) {
    return std::optional(SourceAddress{client.address(), choice == SourceChoice::transparent});
  });
}

Expected<void> begin_connecting(Connection& connection, const Endpoint& server,
                                const std::optional<SourceAddress>& source) {
  const bool ipv4 = server.address().family() == AddressFamily::ipv4;
  asio::error_code error;
  connection.socket().open(ipv4 ? asio::ip::tcp::v4() : asio::ip::tcp::v6(), error);
  if (error) return failure(Reason::io_error, system_sentence(error.value()));
  connection.prepare();
  const int socket = connection.descriptor();
  if (source) {
    auto bound = bind_source(socket, *source);
    if (!bound) return bound;
  }
  const SocketAddress address = SocketAddress::of(server);
  if (::connect(socket, address.pointer(), address.length) != 0 && errno != EINPROGRESS) {
    return failure(Reason::io_error, system_sentence(errno));
  }
  return {};
}

Expected<void> finish_connecting(Connection& connection) {
  int error = 0;
  socklen_t length = sizeof error;
  if (::getsockopt(connection.descriptor(), SOL_SOCKET, SO_ERROR, &error, &length) != 0) error = errno;
  if (error != 0) return failure(Reason::io_error, system_sentence(error));
  return {};
}

}  // namespace tecs
