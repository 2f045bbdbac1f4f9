#include "adapters/dns/dns_exchange.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>
#include <span>
#include <system_error>
#include <utility>

#include "tecs/adapters/file_descriptor.hpp"
#include "tecs/adapters/socket_address.hpp"

namespace tecs {
namespace {

using Deadline = std::chrono::steady_clock::time_point;

constexpr std::size_t maximum_message = 65535;  // what TCP's length field can say (RFC 1035 section 4.2.2)

FileDescriptor open_socket(const SocketAddress& server, int type) noexcept {
  return FileDescriptor(socket(server.storage.ss_family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

tl::unexpected<Error> timed_out(const Endpoint& server) {
  return failure(Reason::dns_timeout, "the DNS server " + server.format() + " did not answer in time");
}

tl::unexpected<Error> unreachable(const Endpoint& server, int error) {
  return failure(Reason::dns_error, "the DNS server " + server.format() +
                                        " cannot be reached: " + std::generic_category().message(error));
}

tl::unexpected<Error> strange(const Endpoint& server) {
  return failure(Reason::dns_error,
                 "what the DNS server " + server.format() + " sends does not answer the question");
}

// Waits until the socket is ready or the deadline is over. False: it is over.
bool wait_for(const FileDescriptor& socket, short events, Deadline deadline) noexcept {
  while (true) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    pollfd waiting{socket.number(), events, 0};
    const auto limit =
        std::min<std::chrono::milliseconds::rep>(left.count(), std::numeric_limits<int>::max());
    if (poll(&waiting, 1, static_cast<int>(limit)) > 0) return true;
  }
}

bool may_go_on(int error) noexcept {
  return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

// A connected socket takes datagrams only from the server, and learns when nobody listens there.
Expected<Octets> ask_over_udp(const DnsQuery& query, const Endpoint& server, Deadline deadline) {
  const SocketAddress address = SocketAddress::of(server);
  const FileDescriptor socket = open_socket(address, SOCK_DGRAM);
  if (!socket || connect(socket.number(), address.pointer(), address.length) != 0 ||
      send(socket.number(), query.octets().data(), query.octets().size(), MSG_NOSIGNAL) < 0) {
    return unreachable(server, errno);
  }
  Octets buffer(maximum_message);
  bool something_came = false;
  while (wait_for(socket, POLLIN, deadline)) {
    const ssize_t received = recv(socket.number(), buffer.data(), buffer.size(), 0);
    if (received < 0) {
      if (may_go_on(errno)) continue;
      return unreachable(server, errno);
    }
    const OctetView message{buffer.data(), static_cast<std::size_t>(received)};
    if (query.matches(message)) return Octets(message.begin(), message.end());
    something_came = true;
  }
  if (something_came) return strange(server);
  return timed_out(server);
}

// Moves all octets, in steps of what the socket takes or gives.
template <typename Octet, typename Step>
Expected<void> move_all(const FileDescriptor& socket, short events, const Endpoint& server, Deadline deadline,
                        std::span<Octet> octets, Step step) {
  while (!octets.empty()) {
    if (!wait_for(socket, events, deadline)) return timed_out(server);
    const ssize_t moved = step(socket.number(), octets.data(), octets.size());
    if (moved == 0) return unreachable(server, ECONNRESET);
    if (moved < 0 && !may_go_on(errno)) return unreachable(server, errno);
    if (moved > 0) octets = octets.subspan(static_cast<std::size_t>(moved));
  }
  return {};
}

Expected<void> connect_by(const FileDescriptor& socket, const Endpoint& server, Deadline deadline) {
  const SocketAddress address = SocketAddress::of(server);
  if (!socket) return unreachable(server, errno);
  if (connect(socket.number(), address.pointer(), address.length) == 0) return {};
  if (errno != EINPROGRESS) return unreachable(server, errno);
  if (!wait_for(socket, POLLOUT, deadline)) return timed_out(server);
  int error = 0;
  socklen_t size = sizeof error;
  if (getsockopt(socket.number(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
  if (error != 0) return unreachable(server, error);
  return {};
}

Expected<Octets> ask_over_tcp(const DnsQuery& query, const Endpoint& server, Deadline deadline) {
  const FileDescriptor socket = open_socket(SocketAddress::of(server), SOCK_STREAM);
  const auto send_some = [](int descriptor, const std::uint8_t* octets, std::size_t size) {
    return send(descriptor, octets, size, MSG_NOSIGNAL);
  };
  const auto receive_some = [](int descriptor, std::uint8_t* octets, std::size_t size) {
    return recv(descriptor, octets, size, 0);
  };
  // RFC 1035 section 4.2.2: each message is preceded by its length in two octets.
  const std::size_t size = query.octets().size();
  Octets request{static_cast<std::uint8_t>(size >> 8U), static_cast<std::uint8_t>(size & 0xffU)};
  request.insert(request.end(), query.octets().begin(), query.octets().end());
  std::array<std::uint8_t, 2> length{};
  Octets message;
  return connect_by(socket, server, deadline)
      .and_then([&] {
        return move_all(socket, POLLOUT, server, deadline, std::span<const std::uint8_t>(request), send_some);
      })
      .and_then([&] {
        return move_all(socket, POLLIN, server, deadline, std::span<std::uint8_t>(length), receive_some);
      })
      .and_then([&] {
        message.resize(static_cast<std::size_t>(length[0]) << 8U | length[1]);
        return move_all(socket, POLLIN, server, deadline, std::span<std::uint8_t>(message), receive_some);
      })
      .map([&] { return std::move(message); });
}

}  // namespace

Expected<Octets> exchange(const DnsQuery& query, const Endpoint& server, Deadline deadline) {
  auto answer = ask_over_udp(query, server, deadline);
  if (!answer || !truncated(*answer)) return answer;
  answer = ask_over_tcp(query, server, deadline);
  if (!answer || (query.matches(*answer) && !truncated(*answer))) return answer;
  return strange(server);
}

}  // namespace tecs
