// When the server is asked how it sees our end of the connection, and believed (PROTOCOL section 6).
#pragma once

#include <string_view>
#include <vector>

#include "tecs/api.hpp"
#include "tecs/error.hpp"
#include "tecs/ip_address.hpp"
#include "tecs/network.hpp"

namespace tecs {

// Immutable value; thread safe. Never, unless said otherwise.
class TECS_API NatRule {
 public:
  // "never", "always", or networks that are translated on their way out, separated by commas or blanks. Fails
  // with bad_option.
  [[nodiscard]] static Expected<NatRule> parse(std::string_view text);

  // own_source: our end of the connection as this host sees it.
  [[nodiscard]] bool asks_for_challenge(const IpAddress& own_source) const noexcept;

 private:
  bool always_ = false;
  std::vector<Network> networks_;
};

}  // namespace tecs
