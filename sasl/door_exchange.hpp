// One exchange with tecs-milter's SASL door, from the connection to the answer.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "sasl/auth_dialogue.hpp"
#include "sasl/door_connection.hpp"
#include "tecs/adapters/socket_address.hpp"
#include "tecs/clock.hpp"

namespace tecs {

// For one thread. Ends, and closes its connection, with any step that is no Challenge.
class DoorExchange {
 public:
  using Step = std::variant<AuthDialogue::Challenge, Passed, Refused, Unavailable>;

  // patience: how long the door is waited for in all; the time that the client takes does not count. The
  // clock must outlive the exchange.
  DoorExchange(const SocketAddress& door, std::chrono::milliseconds patience, const Clock& clock);

  // Once.
  [[nodiscard]] Step begin(AuthRequest request);
  // Only after a Challenge. The client's response, in base64.
  [[nodiscard]] Step respond(std::string_view response);

 private:
  [[nodiscard]] Step drive();
  [[nodiscard]] Step drive_until(DoorConnection::Deadline deadline);

  SocketAddress door_;
  std::chrono::steady_clock::duration patience_;
  const Clock& clock_;
  std::optional<AuthDialogue> dialogue_;
  std::optional<DoorConnection> connection_;
};

}  // namespace tecs
