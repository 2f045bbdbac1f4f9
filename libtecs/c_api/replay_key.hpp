// What a receiver remembers of a signature that it accepted (PROTOCOL section 7).
#pragma once

#include <chrono>
#include <string>

#include "tecs/connection_tuple.hpp"
#include "tecs/domain.hpp"
#include "tecs/epoch.hpp"

namespace tecs {

// 64 hexadecimal digits, the same for each credential that signs this connection at this epoch as this
// domain, and for no other. A digest: strangers choose long domains.
[[nodiscard]] std::string replay_key(const ConnectionTuple& tuple, Epoch epoch, const Domain& domain);

// The moment from which a verifier with this tolerance takes no signature of this epoch any more.
[[nodiscard]] std::chrono::sys_seconds replay_expiry(Epoch epoch, int tolerance) noexcept;

}  // namespace tecs
