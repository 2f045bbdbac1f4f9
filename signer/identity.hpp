// Who answers for a connection.
#pragma once

#include <memory>

#include "tecs/signer.hpp"

namespace tecs {

// Entries with the same domain, selector and key share one, so two identities are the same when the pointers
// are. Empty: the connection is not signed.
using Identity = std::shared_ptr<const Signer>;

}  // namespace tecs
