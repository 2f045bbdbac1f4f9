// The other end of a door, for tests: blocking, and it gives up after ten seconds.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

#include "tecs/adapters/door_address.hpp"
#include "tecs/adapters/file_descriptor.hpp"

namespace tecs::test {

// A port of 127.0.0.1 where nobody listened a moment ago.
inline std::uint16_t free_port() {
  const FileDescriptor probe(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(name);
  if (bind(probe.number(), reinterpret_cast<const sockaddr*>(&name), size) != 0 ||
      getsockname(probe.number(), reinterpret_cast<sockaddr*>(&name), &size) != 0) {
    throw std::runtime_error("no port is free");
  }
  return ntohs(name.sin_port);
}

class DoorClient {
 public:
  explicit DoorClient(const DoorAddress& address)
      : socket_(socket(address.socket_address().storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval patience{10, 0};
    setsockopt(socket_.number(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    const auto name = address.socket_address();
    if (connect(socket_.number(), name.pointer(), name.length) != 0) {
      throw std::runtime_error("nobody answers at " + address.format());
    }
  }

  void send(std::string_view octets) {
    while (!octets.empty()) {
      const ssize_t sent = ::send(socket_.number(), octets.data(), octets.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      octets.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  // Half of the connection is closed: the other side reads its end, and may still answer.
  void end_of_sending() { shutdown(socket_.number(), SHUT_WR); }

  // Until this text has come; then all that came since the last call. What came before the end if it does not
  // come.
  std::string receive_until(std::string_view end) {
    std::string result;
    while (buffer_.find(end) == std::string::npos && receive()) {
    }
    const std::size_t at = buffer_.find(end);
    const std::size_t size = at == std::string::npos ? buffer_.size() : at + end.size();
    result = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return result;
  }

  // Exactly so many octets, or fewer at the end.
  std::string receive_octets(std::size_t count) {
    while (buffer_.size() < count && receive()) {
    }
    std::string result = buffer_.substr(0, count);
    buffer_.erase(0, result.size());
    return result;
  }

  // True when the other side neither says anything nor closes for so long.
  bool silent_for(std::chrono::milliseconds duration) {
    pollfd polled{socket_.number(), POLLIN, 0};
    return buffer_.empty() && poll(&polled, 1, static_cast<int>(duration.count())) == 0;
  }

  // True when the other side has reset the connection, and said nothing before.
  bool reset() {
    std::array<char, 1> octet{};
    return buffer_.empty() && recv(socket_.number(), octet.data(), octet.size(), 0) < 0 &&
           errno == ECONNRESET;
  }

  // True when the other side has closed and said nothing before.
  bool closed() {
    std::array<char, 1> octet{};
    return buffer_.empty() && recv(socket_.number(), octet.data(), octet.size(), 0) == 0;
  }

 private:
  bool receive() {
    std::array<char, 4096> octets{};
    const ssize_t count = recv(socket_.number(), octets.data(), octets.size(), 0);
    if (count <= 0) return false;
    buffer_.append(octets.data(), static_cast<std::size_t>(count));
    return true;
  }

  FileDescriptor socket_;
  std::string buffer_;
};

}  // namespace tecs::test
