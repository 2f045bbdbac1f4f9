// On which terms the client's side signs a connection.
#pragma once

#include <chrono>
#include <memory>

#include "tecs/nat_rule.hpp"
#include "tecs/signer.hpp"

namespace tecs {

// Plain value; what it points to is immutable.
struct ClientTerms {
  std::shared_ptr<const Signer> signer;      // never null
  NatRule nat;                               // when the server's challenge is asked for and believed
  std::chrono::milliseconds challenge_skew;  // how far its t= may be from our clock to be signed
};

}  // namespace tecs
