#include "tools/server_connection.hpp"

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <utility>

#include "program/duration.hpp"
#include "smtp/tls_stream.hpp"
#include "tecs/adapters/file_descriptor.hpp"
#include "tecs/adapters/socket_address.hpp"

namespace tecs {
namespace {

using Deadline = std::chrono::steady_clock::time_point;

constexpr std::size_t piece = 4096;

// True when the socket is ready.
bool wait_for(int socket, short events, Deadline deadline) {
  for (;;) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    pollfd wait{socket, events, 0};
    const int ready = ::poll(&wait, 1, static_cast<int>(std::max<long>(left.count(), 0)));
    if (ready > 0) return true;
    if (ready == 0 || errno != EINTR) return false;
  }
}

class SocketConnection final : public ServerConnection {
 public:
  SocketConnection(FileDescriptor socket, const ConnectionTuple& tuple, std::chrono::milliseconds timeout,
                   const Clock& clock)
      : socket_(std::move(socket)), tuple_(tuple), timeout_(timeout), clock_(clock) {}

  [[nodiscard]] const ConnectionTuple& tuple() const override { return tuple_; }

  [[nodiscard]] Expected<std::string> receive() override {
    std::string space(piece, '\0');
    return transfer("nothing came", [&] { return tls_ ? tls_->read_some(space) : read_plain(space); })
        .map([&](std::size_t count) {
          space.resize(count);
          return space;
        });
  }

  [[nodiscard]] Expected<void> send(std::string_view octets) override {
    while (!octets.empty()) {
      const auto sent = transfer("nothing could be sent",
                                 [&] { return tls_ ? tls_->write_some(octets) : write_plain(octets); });
      if (!sent) return tl::unexpected(sent.error());
      octets.remove_prefix(*sent);
    }
    return {};
  }

  [[nodiscard]] Expected<std::string> start_tls(const TlsPlan& plan) override;

 private:
  [[nodiscard]] Transfer read_plain(std::string& space) {
    const ssize_t count = ::recv(socket_.number(), space.data(), space.size(), 0);
    if (count == 0) return {Transfer::State::closed};
    return result_of(count, Transfer::State::want_read);
  }
  [[nodiscard]] Transfer write_plain(std::string_view octets) {
    return result_of(::send(socket_.number(), octets.data(), octets.size(), MSG_NOSIGNAL),
                     Transfer::State::want_write);
  }
  [[nodiscard]] Transfer result_of(ssize_t count, Transfer::State waiting) {
    if (count >= 0) return {Transfer::State::done, static_cast<std::size_t>(count)};
    if (errno == EAGAIN || errno == EINTR) return {waiting};
    error_ = errno;
    return {Transfer::State::failed};
  }

  // Tries until something was moved. silence: the clause for a time-out, without the time.
  template <typename Attempt>
  [[nodiscard]] Expected<std::size_t> transfer(const char* silence, Attempt attempt) {
    const Deadline deadline = std::chrono::steady_clock::now() + timeout_;
    for (;;) {
      const Transfer moved = attempt();
      switch (moved.state) {
        case Transfer::State::done:
          return moved.octets;
        case Transfer::State::closed:
          return failure(Reason::io_error, "the server closed the connection");
        case Transfer::State::failed:
          return failure(Reason::io_error, tls_ ? tls_->failure_sentence() : system_sentence(error_));
        default:
          break;
      }
      const short events = moved.state == Transfer::State::want_read ? POLLIN : POLLOUT;
      if (!wait_for(socket_.number(), events, deadline)) {
        return failure(Reason::io_error, std::string(silence) + " within " + format_duration(timeout_));
      }
    }
  }

  FileDescriptor socket_;  // does not block
  ConnectionTuple tuple_;
  std::chrono::milliseconds timeout_;
  const Clock& clock_;
  int error_ = 0;
  std::optional<TlsStream> tls_;
};

Expected<std::string> SocketConnection::start_tls(const TlsPlan& plan) {
  const auto context = TlsContext::make({}, clock_);
  if (!context) return tl::unexpected(context.error());
  tls_.emplace(*context, socket_.number(), plan, tuple_.destination());
  const auto done = transfer("the handshake was not done", [&] { return tls_->handshake(); });
  if (!done) return tl::unexpected(done.error());
  const bool proved = tls_->result() == TlsResult::verified;
  return tls_->version() +
         (proved ? ", and the certificate is good for " + plan.server_name + "."
                 : ", whatever the certificate: nobody listens, but who it is was not proved.");
}

Expected<void> finish_connecting(int socket, const ConnectionOrder& order) {
  SocketAddress address = SocketAddress::of(order.server);
  if (::connect(socket, address.pointer(), address.length) == 0) return {};
  if (errno != EINPROGRESS) return failure(Reason::io_error, system_sentence(errno));
  if (!wait_for(socket, POLLOUT, std::chrono::steady_clock::now() + order.timeout)) {
    return failure(Reason::io_error, "no answer within " + format_duration(order.timeout));
  }
  int error = 0;
  socklen_t length = sizeof error;
  if (::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &length) != 0) error = errno;
  if (error != 0) return failure(Reason::io_error, system_sentence(error));
  return {};
}

Expected<std::unique_ptr<ServerConnection>> connect_to(const ConnectionOrder& order, const Clock& clock) {
  const bool ipv4 = order.server.address().family() == AddressFamily::ipv4;
  FileDescriptor socket(::socket(ipv4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket) return failure(Reason::io_error, system_sentence(errno));
  if (order.source) {
    SocketAddress own = SocketAddress::of(*order.source, 0);
    if (::bind(socket.number(), own.pointer(), own.length) != 0) {
      return failure(Reason::io_error,
                     "cannot connect from " + order.source->format() + ": " + system_sentence(errno));
    }
  }
  if (const auto connected = finish_connecting(socket.number(), order); !connected) {
    return tl::unexpected(connected.error());
  }
  const auto here = local_endpoint(socket.number());
  if (!here) return tl::unexpected(here.error());
  const auto tuple = ConnectionTuple::make(order.server, *here);
  if (!tuple) return tl::unexpected(tuple.error());
  return std::make_unique<SocketConnection>(std::move(socket), *tuple, order.timeout, clock);
}

struct FreeAddresses {
  void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};

Expected<std::vector<IpAddress>> addresses_of(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const int error = ::getaddrinfo(host.c_str(), nullptr, &hints, &list);
  const std::unique_ptr<addrinfo, FreeAddresses> owner(list);
  if (error == EAI_AGAIN) return failure(Reason::dns_error, "DNS does not answer for " + host + " now");
  if (error != 0) return failure(Reason::io_error, host + " has no address: " + ::gai_strerror(error));
  std::vector<IpAddress> addresses;
  for (const addrinfo* each = list; each != nullptr; each = each->ai_next) {
    const auto address = SocketAddress::of(each->ai_addr).address();
    if (address && std::find(addresses.begin(), addresses.end(), *address) == addresses.end()) {
      addresses.push_back(*address);
    }
  }
  if (addresses.empty()) return failure(Reason::io_error, host + " has no address");
  return addresses;
}

std::string own_host_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0 || name.front() == '\0') return "localhost";
  return name.data();
}

}  // namespace

ServerNetwork real_server_network(const Clock& clock) {
  const auto connect = [&clock](const ConnectionOrder& order) {
    // OpenSSL writes to the socket as to a file. Other subcommands are to end quietly when nobody reads them.
    std::signal(SIGPIPE, SIG_IGN);
    return connect_to(order, clock);
  };
  return {.host_name = own_host_name, .addresses = addresses_of, .connect = connect};
}

}  // namespace tecs
