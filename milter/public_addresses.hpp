// Where the world reaches this server, when that is not where the server sees itself: behind address
// translation or a load balancer clients sign another destination (PROTOCOL section 3).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tecs/endpoint.hpp"
#include "tecs/error.hpp"
#include "tecs/ip_address.hpp"

namespace tecs {

// One pair, written PRIVATE=PUBLIC: "10.0.0.5:25=192.0.2.25:25" for one port, "10.0.0.5=192.0.2.25" for every
// port, which then stays the same; IPv6 with a port is "[2001:db8::25]:25". Plain value.
struct PublicAddress {
  struct End {
    IpAddress address;
    std::optional<std::uint16_t> port;  // both ends of a pair have one, or neither

    friend bool operator==(const End&, const End&) = default;
  };

  // Fails with bad_option: also for a pair that no connection could ever fit, as the families differ or both
  // ends are the same.
  [[nodiscard]] static Expected<PublicAddress> parse(std::string_view text);

  friend bool operator==(const PublicAddress&, const PublicAddress&) = default;

  End own;
  End world;
};

// Immutable; thread safe.
class PublicAddresses {
 public:
  static constexpr std::size_t maximum_pairs = 256;
  // Each is one more candidate in every verification.
  static constexpr std::size_t maximum_for_one = 8;

  PublicAddresses() = default;
  // Fails with bad_option when a pair stands twice, or there are more than the maxima.
  [[nodiscard]] static Expected<PublicAddresses> make(std::vector<PublicAddress> pairs);

  // As which other end points the world may know this one, in the order of the configuration.
  [[nodiscard]] std::vector<Endpoint> of(const Endpoint& own) const;

 private:
  std::vector<PublicAddress> pairs_;
};

}  // namespace tecs
