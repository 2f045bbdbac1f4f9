// One line of the "destinations" file.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "signer/destination_policy.hpp"
#include "tecs/error.hpp"
#include "tecs/network.hpp"

namespace tecs {

struct AnyDestination {
  friend bool operator==(const AnyDestination&, const AnyDestination&) = default;
};

// Plain value. A string is the name of a host in lower case; an address is a network of all its bits.
struct DestinationLine {
  std::variant<AnyDestination, Network, std::string> destination{};
  TlsLevel tls = TlsLevel::may;
  std::string name{};
  std::optional<SignatureDemand> signature{};
  std::optional<std::size_t> maximum_connections{};

  // content: a line without comment and not empty (program/text_lines.hpp). Fails with bad_option.
  [[nodiscard]] static Expected<DestinationLine> parse(std::string_view content);

  // What it does not say holds as by default.
  [[nodiscard]] DestinationPolicy policy(const DestinationPolicy& standard) const;
};

}  // namespace tecs
