#include "sasl/door_options.hpp"

#include <sys/un.h>

#include <charconv>
#include <cstring>
#include <string>

#include "tecs/endpoint.hpp"

namespace tecs {
namespace {

Expected<SocketAddress> parse_path(std::string_view path) {
  sockaddr_un address{};
  if (!path.starts_with('/') || path.size() >= sizeof(address.sun_path)) {
    return failure(Reason::bad_option,
                   "tecs_socket: the path of a unix socket begins with / and has 107 octets at most");
  }
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, path.size());
  SocketAddress result;
  std::memcpy(&result.storage, &address, sizeof(address));
  result.length = sizeof(address);
  return result;
}

Expected<SocketAddress> parse_socket(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string_view type = text.substr(0, colon);
  const std::string_view place = colon == std::string_view::npos ? "" : text.substr(colon + 1);
  if (type == "unix") return parse_path(place);
  if (type == "inet" || type == "inet6") {
    const auto endpoint = Endpoint::parse(place);
    if (!endpoint) return failure(Reason::bad_option, "tecs_socket: " + endpoint.error().sentence);
    return SocketAddress::of(*endpoint);
  }
  return failure(Reason::bad_option,
                 "tecs_socket: a socket is written unix:/path, inet:address:port or inet6:[address]:port");
}

Expected<std::chrono::milliseconds> parse_timeout(std::string_view text) {
  constexpr int longest = 60;
  int seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc{} || end != text.data() + text.size() || seconds < 1 || seconds > longest) {
    return failure(Reason::bad_option, "tecs_timeout: a number of seconds from 1 to 60");
  }
  return std::chrono::seconds(seconds);
}

}  // namespace

Expected<DoorOptions> DoorOptions::parse(std::string_view tecs_socket, std::string_view tecs_timeout) {
  const auto door = parse_socket(tecs_socket);
  if (!door) return tl::unexpected(door.error());
  const auto patience = parse_timeout(tecs_timeout.empty() ? default_timeout : tecs_timeout);
  if (!patience) return tl::unexpected(patience.error());
  return DoorOptions{*door, *patience};
}

}  // namespace tecs
