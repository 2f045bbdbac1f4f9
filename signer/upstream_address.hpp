// Where the signer connects to: one next hop, or wherever the MTA was going.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "tecs/endpoint.hpp"
#include "tecs/error.hpp"

namespace tecs {

struct OriginalDestination {
  friend bool operator==(const OriginalDestination&, const OriginalDestination&) = default;
};

struct HostAndPort {
  std::string host;  // a checked name in lower case
  std::uint16_t port = 0;
  friend bool operator==(const HostAndPort&, const HostAndPort&) = default;
};

using UpstreamAddress = std::variant<OriginalDestination, Endpoint, HostAndPort>;

// "original-destination", "192.0.2.25:25", "[2001:db8::25]:25" or "mx.example.com:25". Fails with bad_option.
[[nodiscard]] Expected<UpstreamAddress> parse_upstream_address(std::string_view text);
[[nodiscard]] std::string format(const UpstreamAddress& upstream);

}  // namespace tecs
