#include "milter/auth_connection.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <string_view>
#include <system_error>
#include <utility>

namespace tecs {
namespace {

// False: the other side does not read, or is gone.
bool write_all(int descriptor, std::string_view octets) {
  while (!octets.empty()) {
    const ssize_t written = send(descriptor, octets.data(), octets.size(), MSG_NOSIGNAL);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    octets.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

// False: the end of the stream, or an error, which says no more.
bool read_some(int descriptor, AuthProtocol& protocol) {
  std::array<char, 4096> buffer;
  ssize_t count = 0;
  do {
    count = recv(descriptor, buffer.data(), buffer.size(), 0);
  } while (count < 0 && errno == EINTR);
  if (count <= 0) return false;
  protocol.received(std::string_view(buffer.data(), static_cast<std::size_t>(count)));
  return true;
}

}  // namespace

Expected<void> drive_auth_connection(int descriptor, AuthProtocol protocol,
                                     const AuthenticateCall& authenticate) {
  while (true) {
    auto action = protocol.next();
    if (const auto* const write = std::get_if<AuthProtocol::Write>(&action)) {
      if (!write_all(descriptor, write->octets)) {
        return failure(Reason::io_error, "an answer could not be written");
      }
    } else if (const auto* const request = std::get_if<AuthProtocol::Authenticate>(&action)) {
      protocol.answer(authenticate(request->origin, request->response));
    } else if (auto* const end = std::get_if<AuthProtocol::Close>(&action)) {
      if (end->error) return tl::unexpected(std::move(*end->error));
      return {};
    } else if (!read_some(descriptor, protocol)) {
      return {};
    }
  }
}

}  // namespace tecs
