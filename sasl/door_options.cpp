#include "sasl/door_options.hpp"

#include <charconv>
#include <string>

#include "tecs/adapters/door_address.hpp"

namespace tecs {
namespace {

Expected<SocketAddress> parse_socket(std::string_view text) {
  const auto address = DoorAddress::parse(text);
  if (!address) return failure(Reason::bad_option, "tecs_socket: " + address.error().sentence);
  const auto* const inet = address->inet_socket();
  if (inet != nullptr && inet->address.unspecified()) {
    return failure(Reason::bad_option, "tecs_socket: an address to listen on, and not one to connect to");
  }
  return address->socket_address();
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
