#include "sasl/cyrus_endpoint.hpp"

#include <charconv>
#include <cstdint>

namespace tecs {

Expected<Endpoint> parse_cyrus_endpoint(std::string_view text) {
  const std::size_t semicolon = text.rfind(';');
  if (semicolon == std::string_view::npos) {
    return failure(Reason::bad_endpoint, "not of the form address;port");
  }
  const std::string_view digits = text.substr(semicolon + 1);
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc{} || end != digits.data() + digits.size()) {
    return failure(Reason::bad_endpoint, "the port is not a number from 1 to 65535");
  }
  return IpAddress::parse(text.substr(0, semicolon)).and_then([&](const IpAddress& address) {
    return Endpoint::make(address, port);
  });
}

}  // namespace tecs
