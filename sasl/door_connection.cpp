#include "sasl/door_connection.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace tecs {
namespace {

using std::chrono::milliseconds;

milliseconds time_left(const Clock& clock, DoorConnection::Deadline deadline) {
  return std::max(milliseconds(0), std::chrono::ceil<milliseconds>(deadline - clock.steady()));
}

tl::unexpected<Error> system_failure(int error) {
  return failure(Reason::io_error, system_sentence(error));
}

// True: ready, or broken, which the next call then tells. An MTA's timers interrupt poll(2).
Expected<void> wait_for(int descriptor, short events, const Clock& clock, DoorConnection::Deadline deadline) {
  while (true) {
    pollfd polled{descriptor, events, 0};
    const int ready = poll(&polled, 1, static_cast<int>(time_left(clock, deadline).count()));
    if (ready > 0) return {};
    if (ready < 0 && errno != EINTR) return system_failure(errno);
    if (time_left(clock, deadline) == milliseconds(0)) return system_failure(ETIMEDOUT);
  }
}

int pending_error(int descriptor) {
  int error = 0;
  socklen_t size = sizeof(error);
  return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

// A unix socket whose queue is full says EAGAIN, and poll(2) does not tell when there is room again.
Expected<void> pause_before_retry(const Clock& clock, DoorConnection::Deadline deadline) {
  constexpr milliseconds pause{20};
  const auto left = time_left(clock, deadline);
  if (left == milliseconds(0)) return system_failure(ETIMEDOUT);
  poll(nullptr, 0, static_cast<int>(std::min(pause, left).count()));
  return {};
}

}  // namespace

Expected<DoorConnection> DoorConnection::connect(const SocketAddress& address, const Clock& clock,
                                                 Deadline deadline) {
  FileDescriptor socket(::socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket) return system_failure(errno);
  while (::connect(socket.number(), address.pointer(), address.length) != 0) {
    Expected<void> waited;
    if (errno == EAGAIN) {
      waited = pause_before_retry(clock, deadline);
    } else if (errno == EINPROGRESS || errno == EINTR) {
      waited = wait_for(socket.number(), POLLOUT, clock, deadline);
      const int error = waited ? pending_error(socket.number()) : 0;
      if (error != 0) return system_failure(error);
      if (waited) break;
    } else {
      return system_failure(errno);
    }
    if (!waited) return tl::unexpected(waited.error());
  }
  return DoorConnection(std::move(socket), clock);
}

Expected<void> DoorConnection::write(std::string_view octets, Deadline deadline) {
  while (!octets.empty()) {
    const ssize_t written = send(socket_.number(), octets.data(), octets.size(), MSG_NOSIGNAL);
    if (written >= 0) {
      octets.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {
      auto waited = wait_for(socket_.number(), POLLOUT, *clock_, deadline);
      if (!waited) return waited;
    } else if (errno != EINTR) {
      return system_failure(errno);
    }
  }
  return {};
}

Expected<std::string> DoorConnection::read(Deadline deadline) {
  std::array<char, 4096> buffer;
  while (true) {
    const ssize_t count = recv(socket_.number(), buffer.data(), buffer.size(), 0);
    if (count >= 0) return std::string(buffer.data(), static_cast<std::size_t>(count));
    if (errno == ECONNRESET) return std::string();
    if (errno == EAGAIN) {
      const auto waited = wait_for(socket_.number(), POLLIN, *clock_, deadline);
      if (!waited) return tl::unexpected(waited.error());
    } else if (errno != EINTR) {
      return system_failure(errno);
    }
  }
}

}  // namespace tecs
