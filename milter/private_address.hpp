// Addresses that the internet routes to nobody.
#pragma once

#include "tecs/ip_address.hpp"

namespace tecs {

// Loopback, private use (RFC 1918), link-local (RFC 3927, RFC 4291), shared with a provider (RFC 6598) and
// unique local (RFC 4193). Any thread.
[[nodiscard]] bool is_private(const IpAddress& address) noexcept;

}  // namespace tecs
