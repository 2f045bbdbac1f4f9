#include "signer/listen_address.hpp"

#include <charconv>

#include "tecs/printable_text.hpp"

namespace tecs {
namespace {

constexpr std::size_t maximum_shown = 100;

tl::unexpected<Error> not_an_address(std::string_view text) {
  return failure(Reason::bad_option,
                 "\"" + printable_text(text, maximum_shown) +
                     "\" is not an address with a port, like 127.0.0.1:10025 or [::1]:10025");
}

}  // namespace

Expected<ListenAddress> ListenAddress::parse(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return not_an_address(text);
  std::string_view host = text.substr(0, colon);
  const bool brackets = host.size() > 2 && host.starts_with('[') && host.ends_with(']');
  if (brackets) host = host.substr(1, host.size() - 2);
  const auto address = IpAddress::parse(host);
  const auto port = parse_port(text.substr(colon + 1));
  const bool colons = host.find(':') != std::string_view::npos;
  if (!address || !port || brackets != colons) return not_an_address(text);
  return ListenAddress{*address, *port};
}

std::string ListenAddress::format() const {
  const std::string text = address.format();
  const std::string number = std::to_string(port);
  return address.family() == AddressFamily::ipv6 ? "[" + text + "]:" + number : text + ":" + number;
}

Expected<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, port);
  if (error != std::errc{} || stop != end || port == 0 || text.front() == '0') {
    return failure(Reason::bad_option, "\"" + printable_text(text, maximum_shown) + "\" is not a port");
  }
  return port;
}

}  // namespace tecs
