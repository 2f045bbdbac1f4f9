// What an AUTH is judged by: all that SIGHUP may replace of it, as one.
#pragma once

#include <cstddef>

#include "milter/lookup_limit.hpp"
#include "milter/public_addresses.hpp"
#include "tecs/verifier.hpp"

namespace tecs {

// What a client, or all of them together, may use up. The defaults are for a server with some hundred smtpd
// processes.
struct ExchangeLimits {
  unsigned attempts = 3;  // AUTH commands of one connection, whatever became of them
  LookupLimits lookups{};
  std::size_t replays = 100'000;  // signatures remembered (replay_memory.hpp)
};

// Immutable once shared; thread safe.
struct ExchangeRules {
  VerifierOptions verifier{};
  PublicAddresses public_addresses{};
  ExchangeLimits limits{};
};

}  // namespace tecs
