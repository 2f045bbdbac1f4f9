// The client side of the Dovecot authentication protocol, version 1, for one exchange of TECS-1. A machine
// without I/O: octets in, next action out. milter/auth_protocol.hpp is the other side and shows the lines.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "tecs/endpoint.hpp"
#include "tecs/error.hpp"

namespace tecs {

// What the door is asked. An end point that the MTA did not give is left out; the door then has to know the
// connection from the milter.
struct AuthRequest {
  std::uint32_t process = 0;  // CPID: the process that serves this connection
  std::optional<Endpoint> server;
  std::optional<Endpoint> client;
  std::optional<std::string> response;  // the initial response in base64; can be there and empty
};

// How an exchange ends.
struct Passed {
  std::string user;  // "tecs:" and a signing domain in lower case; checked
};
struct Refused {
  std::string reason;  // what the door says, made printable; can be empty
};
struct Unavailable {
  Error error;  // the door is away, silent, not a door of TECS, or cannot say now
};

// For one exchange and one thread.
class AuthDialogue {
 public:
  // Of what the door says, handshake included. It needs some 200 octets; more than this is no door of ours.
  static constexpr std::size_t maximum_octets = std::size_t{16} * 1024;
  // What the driver has to do now, before it asks again. Passed, Refused and Unavailable are final.
  struct Read {};  // give octets to received(), or say closed()
  struct Write {
    std::string octets;
  };
  struct Challenge {     // have the client answer, and give its answer to respond()
    std::string base64;  // as the door sent it: not yet looked at, can be empty
  };
  using NextAction = std::variant<Read, Write, Challenge, Passed, Refused, Unavailable>;

  explicit AuthDialogue(AuthRequest request);

  [[nodiscard]] NextAction next();
  // Only after Read.
  void received(std::string_view octets);
  void closed();
  // Only after Challenge. The client's response, in base64.
  void respond(std::string_view response);

 private:
  [[nodiscard]] std::optional<NextAction> line(std::string_view text);
  [[nodiscard]] std::optional<NextAction> greeting(std::string_view command, std::string_view rest);
  [[nodiscard]] std::optional<NextAction> answer(std::string_view command, std::string_view rest);
  [[nodiscard]] NextAction challenge(std::string_view rest);

  AuthRequest request_;
  std::optional<NextAction> due_;  // comes before what was received
  std::string received_;
  std::size_t total_ = 0;  // octets received
  bool closed_ = false;
  bool version_known_ = false;
  bool offered_ = false;
  bool asked_ = false;  // AUTH is on its way: the handshake is over
};

}  // namespace tecs
