// What a fresh connection to the server must know in order to take the place of an earlier one without the
// MTA noticing.
#pragma once

#include <string>

#include "signer/identity.hpp"
#include "smtp/ehlo_capabilities.hpp"

namespace tecs {

// Plain value.
struct Continuation {
  Identity identity;      // that the earlier connection is for, signed or not; empty: nobody answers for it
  std::string hello;      // the EHLO line that was said for the MTA, with CRLF
  EhloCapabilities told;  // what the MTA was told that the server can do
};

}  // namespace tecs
