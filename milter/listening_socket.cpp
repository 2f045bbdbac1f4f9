#include "milter/listening_socket.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <system_error>

namespace tecs {
namespace {

tl::unexpected<Error> system_failure(const DoorAddress& address, const std::string& what, int number) {
  return failure(Reason::io_error,
                 address.format() + ": " + what + ": " + std::generic_category().message(number));
}

FileDescriptor stream_socket(const SocketAddress& name) noexcept {
  return FileDescriptor(socket(name.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

}  // namespace

Expected<void> remove_stale_socket(const DoorAddress& address) {
  const DoorAddress::Unix* const local = address.unix_socket();
  if (local == nullptr) return {};
  struct stat file {};
  if (lstat(local->path.c_str(), &file) != 0) {
    if (errno == ENOENT) return {};
    return system_failure(address, "cannot look there", errno);
  }
  if (!S_ISSOCK(file.st_mode)) {
    return failure(Reason::io_error, address.format() + ": something that is not a socket stands there");
  }
  const SocketAddress name = address.socket_address();
  const FileDescriptor probe = stream_socket(name);
  if (!probe) return system_failure(address, "cannot make a socket", errno);
  // EAGAIN: the queue of somebody who listens is full.
  if (connect(probe.number(), name.pointer(), name.length) == 0 || errno == EAGAIN) {
    return failure(Reason::io_error, address.format() + ": another program listens there");
  }
  if (errno != ECONNREFUSED)
    return system_failure(address, "cannot tell whether somebody listens there", errno);
  if (unlink(local->path.c_str()) != 0 && errno != ENOENT) {
    return system_failure(address, "cannot remove the socket of a program that is gone", errno);
  }
  return {};
}

void remove_socket_file(const DoorAddress& address) noexcept {
  if (const DoorAddress::Unix* const local = address.unix_socket()) unlink(local->path.c_str());
}

void knock(const DoorAddress& address) noexcept {
  const SocketAddress name = address.socket_address();
  const FileDescriptor descriptor = stream_socket(name);
  if (descriptor) [[maybe_unused]]
    const int result = connect(descriptor.number(), name.pointer(), name.length);
}

Expected<ListeningSocket> ListeningSocket::open(const DoorAddress& address) {
  if (const auto removed = remove_stale_socket(address); !removed) return tl::unexpected(removed.error());
  const SocketAddress name = address.socket_address();
  FileDescriptor descriptor = stream_socket(name);
  if (!descriptor) return system_failure(address, "cannot make a socket", errno);
  const int on = 1;
  if (address.inet_socket() != nullptr) {
    setsockopt(descriptor.number(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  }
  if (name.storage.ss_family == AF_INET6) {
    setsockopt(descriptor.number(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
  }
  if (bind(descriptor.number(), name.pointer(), name.length) != 0) {
    return system_failure(address, "cannot listen there", errno);
  }
  if (listen(descriptor.number(), SOMAXCONN) != 0)
    return system_failure(address, "cannot listen there", errno);
  return ListeningSocket(std::move(descriptor), address, true);
}

Expected<ListeningSocket> ListeningSocket::adopt(FileDescriptor descriptor, const DoorAddress& address) {
  SocketAddress bound;
  if (getsockname(descriptor.number(), bound.pointer(), &bound.length) != 0) {
    return system_failure(address, "cannot tell where the inherited socket listens", errno);
  }
  // Both begin as zeros, and for the path of a unix socket the kernel counts fewer octets than we do.
  const SocketAddress wanted = address.socket_address();
  if (std::memcmp(&bound.storage, &wanted.storage, sizeof(wanted.storage)) != 0) {
    return failure(Reason::bad_option, address.format() + ": the inherited socket listens elsewhere");
  }
  const int flags = fcntl(descriptor.number(), F_GETFL);
  if (flags < 0 || fcntl(descriptor.number(), F_SETFL, flags | O_NONBLOCK) != 0) {
    return system_failure(address, "cannot use the inherited socket", errno);
  }
  return ListeningSocket(std::move(descriptor), address, false);
}

void ListeningSocket::close() noexcept {
  if (!descriptor_) return;
  if (owns_file_) remove_socket_file(address_);
  descriptor_.reset();
}

}  // namespace tecs
