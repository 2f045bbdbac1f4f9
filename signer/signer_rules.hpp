// All that SIGHUP reads again, as one: a session works by the rules of its beginning.
#pragma once

#include <chrono>

#include "signer/destination_table.hpp"
#include "signer/identity_table.hpp"
#include "tecs/nat_rule.hpp"

namespace tecs {

// Immutable once in use; thread safe then.
struct SignerRules {
  IdentityTable identities{};
  DestinationTable destinations{};
  NatRule nat{};
  std::chrono::seconds challenge_skew{120};  // how far the server's t= may be from our clock to be used
};

}  // namespace tecs
