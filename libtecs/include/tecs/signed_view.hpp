// What a client signs of a connection: its own view of it, or what the server's challenge says.
#pragma once

#include <chrono>
#include <optional>

#include "tecs/api.hpp"
#include "tecs/challenge.hpp"
#include "tecs/connection_tuple.hpp"

namespace tecs {

// Plain value.
struct SignedView {
  ConnectionTuple tuple;
  std::chrono::sys_seconds time;

  friend bool operator==(const SignedView&, const SignedView&) = default;
};

// The most that a skew may be configured to be. A server that chooses the time of a signature chooses for
// how long others may show it again.
inline constexpr std::chrono::seconds longest_challenge_skew{3600};

// PROTOCOL section 6. own: the connection as this host sees it, and its clock. The destination is always our
// own view, else a hostile server could have us sign a connection to somebody else. c= counts unless it is of
// the other address family; t= counts when it is no further than skew from our clock.
[[nodiscard]] TECS_API SignedView signed_view(const SignedView& own,
                                              const std::optional<Challenge>& challenge,
                                              std::chrono::milliseconds skew);

}  // namespace tecs
