// What stands behind tecs_verification.
#pragma once

#include <chrono>
#include <string>

#include "tecs.h"
#include "tecs/verification.hpp"

struct tecs_verification {
  tecs::Verification verification;
  std::string sentence;
  std::string replay_key;  // empty without a pass
  std::chrono::sys_seconds replay_expiry;
};
