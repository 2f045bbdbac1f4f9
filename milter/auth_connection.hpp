// Drives one AuthProtocol over one descriptor.
#pragma once

#include <functional>
#include <string>

#include "milter/auth_protocol.hpp"
#include "tecs/error.hpp"

namespace tecs {

using AuthenticateCall = std::function<Verification(const SessionQuery& origin, const std::string& response)>;

// Reads and writes, blocking, until either side closes; the caller closes the descriptor. The error says what
// the other side did wrong, or that it did not take what was written; it is empty when the connection ended
// as it may.
[[nodiscard]] Expected<void> drive_auth_connection(int descriptor, AuthProtocol protocol,
                                                   const AuthenticateCall& authenticate);

}  // namespace tecs
