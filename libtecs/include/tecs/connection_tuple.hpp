// Both ends of a TCP connection, from the point of view of the one who signs or verifies.
#pragma once

#include <compare>

#include "tecs/api.hpp"
#include "tecs/endpoint.hpp"
#include "tecs/error.hpp"

namespace tecs {

// Immutable value; thread safe.
class TECS_API ConnectionTuple {
 public:
  // destination: the server's end; source: the client's. Fails with family_mismatch (PROTOCOL section 3).
  [[nodiscard]] static Expected<ConnectionTuple> make(const Endpoint& destination, const Endpoint& source);

  [[nodiscard]] const Endpoint& destination() const noexcept { return destination_; }
  [[nodiscard]] const Endpoint& source() const noexcept { return source_; }

  friend auto operator<=>(const ConnectionTuple&, const ConnectionTuple&) = default;

 private:
  ConnectionTuple(const Endpoint& destination, const Endpoint& source) noexcept
      : destination_(destination), source_(source) {}

  Endpoint destination_;
  Endpoint source_;
};

}  // namespace tecs
