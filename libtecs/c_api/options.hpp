// What stands behind tecs_options.
#pragma once

#include <cstddef>

#include "tecs.h"
#include "tecs/adapters/dns_resolver.hpp"
#include "tecs/error.hpp"
#include "tecs/public_key.hpp"
#include "tecs/verifier.hpp"

struct tecs_options {
  tecs::VerifierOptions verifier;
  tecs::KeyLimits key_limits;
  tecs::DnsOptions dns;
  std::size_t key_cache_size = 10'000;
};

namespace tecs {

// The defaults for a null pointer.
[[nodiscard]] inline tecs_options options_or_default(const tecs_options* options) {
  return options == nullptr ? tecs_options{} : *options;
}

// The same, for what uses several of them. Fails with bad_option for those that contradict each other.
[[nodiscard]] Expected<tecs_options> consistent_options(const tecs_options* options);

}  // namespace tecs
