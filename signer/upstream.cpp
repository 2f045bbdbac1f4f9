#include "signer/upstream.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <variant>

#include "tecs/adapters/socket_address.hpp"

namespace tecs {
namespace {

constexpr int maximum_tries = 32;  // of ports, a few system calls each

enum class PortChoice {
  by_bind,     // known before the connection begins; no other connection from the address gets it
  by_connect,  // one port serves for several servers
};

Expected<void> open(Connection::Socket& socket, const Endpoint& server) {
  const bool ipv4 = server.address().family() == AddressFamily::ipv4;
  asio::error_code error;
  socket.open(ipv4 ? asio::ip::tcp::v4() : asio::ip::tcp::v6(), error);
  if (error) return failure(Reason::io_error, system_sentence(error.value()));
  return {};
}

Expected<void> bind_source(int socket, const SourceAddress& source, PortChoice port) {
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
  if (port == PortChoice::by_connect) {  // best effort
    (void)::setsockopt(socket, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  }
  const SocketAddress address = SocketAddress::of(source.address, 0);
  if (::bind(socket, address.pointer(), address.length) == 0) return {};
  return failure(Reason::io_error,
                 "cannot use the MTA's address " + source.address.format() + ": " + system_sentence(errno));
}

Expected<void> connect(int socket, const Endpoint& server) {
  const SocketAddress address = SocketAddress::of(server);
  if (::connect(socket, address.pointer(), address.length) == 0 || errno == EINPROGRESS) return {};
  return failure(Reason::io_error, system_sentence(errno));
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
  return open(connection.socket(), server)
      .and_then([&]() -> Expected<void> {
        connection.prepare();
        if (!source) return {};
        return bind_source(connection.descriptor(), *source, PortChoice::by_connect);
      })
      .and_then([&] { return connect(connection.descriptor(), server); });
}

std::optional<Endpoint> change_port(Connection& connection, const Endpoint& server,
                                    const SourceAddress& source,
                                    const std::function<bool(const Endpoint&)>& suits) {
  for (int tries = 0; tries < maximum_tries; ++tries) {
    Connection::Socket other(connection.socket().get_executor());
    const auto ready = open(other, server).and_then([&] {
      return bind_source(other.native_handle(), source, PortChoice::by_bind);
    });
    if (!ready) return std::nullopt;
    const auto end = local_endpoint(other.native_handle());
    if (!end) return std::nullopt;
    if (!suits(*end)) continue;
    asio::error_code error;
    other.non_blocking(true, error);
    if (error || !connect(other.native_handle(), server)) return std::nullopt;
    connection.socket() = std::move(other);
    connection.prepare();
    return *end;
  }
  return std::nullopt;
}

Expected<void> finish_connecting(Connection& connection) {
  int error = 0;
  socklen_t length = sizeof error;
  if (::getsockopt(connection.descriptor(), SOL_SOCKET, SO_ERROR, &error, &length) != 0) error = errno;
  if (error != 0) return failure(Reason::io_error, system_sentence(error));
  return {};
}

}  // namespace tecs
