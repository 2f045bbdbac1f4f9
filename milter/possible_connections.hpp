// Which connections an AUTH may have come from, each with the ends that its client may have signed.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "milter/public_addresses.hpp"
#include "milter/session_registry.hpp"
#include "tecs/connection_tuple.hpp"

namespace tecs {

// Plain value.
struct PossibleConnections {
  std::vector<Candidate> sessions;  // empty: the milter knows of no such connection
  // What may have been signed: of each session, or of the request itself when it names both ends in full.
  std::vector<ConnectionTuple> tuples;
  std::vector<std::size_t> session_of;  // for each tuple, its index in sessions; none when there are none

  // The one session that the AUTH came from, whatever it sends; empty when it may have been another.
  [[nodiscard]] std::optional<Candidate> sole_session() const;
  // matched: index of the tuple that was signed. The session that it is, or the sole one.
  [[nodiscard]] std::optional<Candidate> session(std::optional<std::size_t> matched) const;
  // Likewise the tuple.
  [[nodiscard]] std::optional<ConnectionTuple> tuple(std::optional<std::size_t> matched) const;
};

// Any thread.
[[nodiscard]] PossibleConnections possible_connections(const SessionRegistry& registry,
                                                       const SessionQuery& origin,
                                                       const PublicAddresses& public_addresses);

}  // namespace tecs
