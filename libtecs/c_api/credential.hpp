// What stands behind tecs_credential: all texts that its caller may want, so that asking cannot fail.
#pragma once

#include "c_api/encoding.hpp"
#include "tecs.h"

struct tecs_credential {
  tecs::EncodedText response;    // all tags
  tecs::EncodedText short_form;  // without those whose value is the default
};
