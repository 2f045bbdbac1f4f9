// Drives one AuthProtocol over one descriptor.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "milter/auth_protocol.hpp"
#include "milter/gentle_end.hpp"
#include "tecs/clock.hpp"
#include "tecs/error.hpp"

namespace tecs {

// What an exchange asks of the mechanism, as Mechanism does it. Called from many threads at a time.
struct AuthCalls {
  std::function<std::string(const SessionQuery& origin)> challenge;
  std::function<Verification(const SessionQuery& origin, const std::string& response)> authenticate;
};

// Reads and writes, blocking, until either side closes; the caller closes the descriptor. The error says what
// the other side did wrong, or that it did not take what was written; it is empty when the connection ended
// as it may. An MTA may keep a connection and ask nothing for as long as it likes; but for a line that it has
// begun, and for the handshake, it has line_time, however few octets it sends at a time. end: may end the
// connection between two requests.
[[nodiscard]] Expected<void> drive_auth_connection(int descriptor, AuthProtocol protocol,
                                                   const AuthCalls& calls, GentleEnd& end, const Clock& clock,
                                                   std::chrono::milliseconds line_time);

}  // namespace tecs
