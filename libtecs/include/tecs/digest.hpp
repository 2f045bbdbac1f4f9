// SHA-256, the only hash of TECS-1.
#pragma once

#include <array>
#include <cstdint>

#include "tecs/api.hpp"
#include "tecs/octets.hpp"

namespace tecs {

using Digest = std::array<std::uint8_t, 32>;

// Any thread.
[[nodiscard]] TECS_API Digest sha256(OctetView octets);

}  // namespace tecs
