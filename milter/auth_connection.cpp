#include "milter/auth_connection.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
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

// False: the deadline has passed, and there is nothing to read.
bool wait_for_octets(int descriptor, const Clock& clock, std::chrono::steady_clock::time_point deadline) {
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - clock.steady());
    const auto patience = std::clamp<std::chrono::milliseconds::rep>(left.count(), 0, 60'000);
    pollfd polled{descriptor, POLLIN, 0};
    const int ready = poll(&polled, 1, static_cast<int>(patience));
    if (ready > 0 || (ready < 0 && errno != EINTR)) return true;  // of an error, reading will say which
    if (ready == 0 && clock.steady() >= deadline) return false;
  }
}

// What one AuthProtocol wants done, step by step.
class Driver {
 public:
  Driver(int descriptor, const AuthCalls& calls, GentleEnd& end, const Clock& clock,
         std::chrono::milliseconds line_time)
      : descriptor_(descriptor), calls_(calls), end_(end), clock_(clock), line_time_(line_time) {}

  // The end of the connection, or empty when it goes on.
  std::optional<Expected<void>> step(AuthProtocol& protocol) {
    auto action = protocol.next();
    if (!std::holds_alternative<AuthProtocol::Read>(action)) deadline_.reset();  // a line has ended
    if (const auto* const write = std::get_if<AuthProtocol::Write>(&action)) {
      if (!write_all(descriptor_, write->octets)) {
        return failure(Reason::io_error, "an answer could not be written");
      }
    } else if (const auto* const asked = std::get_if<AuthProtocol::Challenge>(&action)) {
      protocol.challenge(calls_.challenge(asked->origin));
    } else if (const auto* const request = std::get_if<AuthProtocol::Authenticate>(&action)) {
      protocol.answer(calls_.authenticate(request->origin, request->response));
    } else if (auto* const end = std::get_if<AuthProtocol::Close>(&action)) {
      return end->error ? Expected<void>(tl::unexpected(std::move(*end->error))) : Expected<void>();
    } else {
      return read(protocol);
    }
    return std::nullopt;
  }

 private:
  // The time for a line runs from when its beginning was here, and no octet that comes prolongs it. A whole
  // line is mostly read at once: then there is no deadline, and the read itself waits.
  std::optional<Expected<void>> read(AuthProtocol& protocol) {
    if (!protocol.amid_line()) {
      deadline_.reset();
    } else if (!deadline_) {
      deadline_ = clock_.steady() + line_time_;
    }
    end_.before_read(descriptor_, protocol.amid_request());
    if (deadline_ && !wait_for_octets(descriptor_, clock_, *deadline_)) {
      return failure(Reason::protocol_error, "a line was begun and not ended in time");
    }
    if (!read_some(descriptor_, protocol)) return Expected<void>();
    end_.after_read();
    return std::nullopt;
  }

  int descriptor_;
  const AuthCalls& calls_;
  GentleEnd& end_;
  const Clock& clock_;
  std::chrono::milliseconds line_time_;
  std::optional<std::chrono::steady_clock::time_point> deadline_;
};

}  // namespace

Expected<void> drive_auth_connection(int descriptor, AuthProtocol protocol, const AuthCalls& calls,
                                     GentleEnd& end, const Clock& clock,
                                     std::chrono::milliseconds line_time) {
  Driver driver(descriptor, calls, end, clock, line_time);
  while (true) {
    if (auto ended = driver.step(protocol)) return std::move(*ended);
  }
}

}  // namespace tecs
