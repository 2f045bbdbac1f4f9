// What stands behind tecs_signing_key.
#pragma once

#include <string>

#include "tecs.h"
#include "tecs/signing_key.hpp"

struct tecs_signing_key {
  tecs::SigningKey key;
  std::string record;  // to be published
};
