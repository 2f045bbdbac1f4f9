// The octets that a TECS-1 signature covers (PROTOCOL section 3), on the stack: 29 for IPv4, 53 for IPv6.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "tecs/api.hpp"
#include "tecs/connection_tuple.hpp"
#include "tecs/epoch.hpp"
#include "tecs/octets.hpp"

namespace tecs {

// Immutable value; thread safe.
class TECS_API SignedOctets {
 public:
  SignedOctets(const ConnectionTuple& tuple, Epoch epoch) noexcept;

  // Lives as long as this object.
  [[nodiscard]] OctetView octets() const noexcept { return {octets_.data(), size_}; }

 private:
  std::array<std::uint8_t, 53> octets_{};
  std::size_t size_ = 0;
};

}  // namespace tecs
