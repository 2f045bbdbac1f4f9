#include "signer/upstream.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>

#include "tecs/adapters/socket_address.hpp"

namespace tecs {
namespace {

Expected<void> bind_source(int socket, const IpAddress& source) {
  // Leaves the choice of the port to connect(), which can use one port for several servers. Best effort.
  const int on = 1;
  (void)::setsockopt(socket, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  const SocketAddress address = SocketAddress::of(source, 0);
  if (::bind(socket, address.pointer(), address.length) == 0) return {};
  return failure(Reason::io_error,
                 "cannot use the MTA's address " + source.format() + ": " + system_sentence(errno));
}

}  // namespace

Expected<void> begin_connecting(Connection& connection, const Endpoint& server,
                                const std::optional<IpAddress>& source) {
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
