// What stands behind tecs_key_source: what finds texts, what reads keys in them, and what remembers them.
#pragma once

#include <memory>

#include "c_api/options.hpp"
#include "tecs.h"
#include "tecs/adapters/key_cache.hpp"
#include "tecs/adapters/system_clock.hpp"
#include "tecs/key_source.hpp"

struct tecs_key_source {
 public:
  tecs_key_source(std::unique_ptr<tecs::TxtSource> given_texts, const tecs::KeyLimits& limits,
                  const tecs::KeyCacheOptions& remembered);

  [[nodiscard]] tecs::KeySource& keys() noexcept { return cache; }

 private:
  std::unique_ptr<tecs::TxtSource> texts;
  tecs::TxtKeySource parsed;
  tecs::SystemClock clock;
  tecs::KeyCache cache;
};
