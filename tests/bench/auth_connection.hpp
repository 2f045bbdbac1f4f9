// What an MTA asks an authentication server, in the Dovecot protocol, for a load.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "tecs/adapters/door_address.hpp"
#include "unit/milter/door_client.hpp"

namespace tecs::bench {

struct AuthRequest {
  std::string client;    // rip=
  std::string response;  // the initial response, base64
};

// The base64 to answer a challenge with, given base64. Throws when the request calls for no challenge.
using ChallengeAnswer = std::function<std::string(const AuthRequest& request, std::string_view challenge)>;

// One connection of an smtpd process, past the handshake once made. For one thread.
class AuthConnection {
 public:
  // process: what it gives as CPID.
  AuthConnection(const DoorAddress& door, std::uint32_t process, std::string mechanism,
                 ChallengeAnswer answer);

  // The time from the first octet sent to the OK. Throws when the answer is another.
  [[nodiscard]] std::chrono::nanoseconds ask(const AuthRequest& request);

 private:
  test::DoorClient client_;
  std::string mechanism_;
  ChallengeAnswer answer_;
  std::uint32_t last_ = 0;
};

}  // namespace tecs::bench
