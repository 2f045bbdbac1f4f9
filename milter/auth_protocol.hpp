// The server side of the Dovecot authentication protocol, version 1.2, as far as an MTA speaks it to offer
// one SASL mechanism. A machine without I/O: octets in, next action out. Lines end with LF, fields are
// separated by TAB:
//
//   client: VERSION 1 2 | CPID <process id>
//   server: VERSION 1 2 | MECH TECS-1 | SPID | CUID | COOKIE | DONE
//           at once, before the client says anything
//   client: AUTH <id> TECS-1 service=smtp lip=<server> rip=<client> [lport= rport=] [resp=<base64>]
//   server: CONT <id> <base64>
//           the challenge, when there was no initial response; one that is there and empty is another thing
//   client: CONT <id> <base64>
//   server: OK <id> user=tecs:<domain> | FAIL <id> reason=<text>
//
// There is no word for "not now": for temperror the server closes the connection without an answer, and the
// MTA says 454.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "milter/session_registry.hpp"
#include "tecs/error.hpp"
#include "tecs/verification.hpp"

namespace tecs {

// What tells this connection from others (SPID, CUID, COOKIE). The MTA makes nothing of them.
struct AuthGreeting {
  std::uint32_t server_process = 0;
  std::uint32_t connection = 0;
  std::string cookie;  // 32 hexadecimal digits
};

// For one connection and one thread. It has one exchange under way at a time, as an smtpd process has one
// client: a new AUTH drops the one before.
class AuthProtocol {
 public:
  // A response to a 334 has 12,288 octets at most (RFC 4954 section 4).
  static constexpr std::size_t maximum_line = 16 * 1024;

  // What the driver has to do now, before it asks again.
  struct Read {};  // give octets to received(); at the end of the stream there is nothing left to do
  struct Write {
    std::string octets;
  };
  struct Challenge {  // make a challenge for this client and give it to challenge()
    SessionQuery origin;
  };
  struct Authenticate {  // verify and give the result to answer()
    SessionQuery origin;
    std::string response;  // as sent: base64, not yet looked at; can be empty
  };
  struct Close {
    std::optional<Error> error;  // protocol_error: the client broke the protocol; empty: this says temperror
  };
  using NextAction = std::variant<Read, Write, Challenge, Authenticate, Close>;

  explicit AuthProtocol(const AuthGreeting& greeting);

  [[nodiscard]] NextAction next();
  // Only after Read.
  void received(std::string_view octets);
  // Only after Challenge. text: not yet base64; empty when there is nothing to tell.
  void challenge(std::string_view text);
  // Only after Authenticate. Every result but pass and temperror is a FAIL, which the client of the MTA gets
  // to see.
  void answer(const Verification& verification);

  // When there is nothing to do but Read. True: the other side has begun a line, or the connection, and owes
  // the rest. False: it may well have nothing to ask for hours.
  [[nodiscard]] bool amid_line() const noexcept { return !process_ || !received_.empty(); }
  // Likewise. True: that, or a challenge was sent and its answer is still to come.
  [[nodiscard]] bool amid_request() const noexcept { return amid_line() || exchange_; }

 private:
  struct Exchange {
    std::uint32_t id;
    SessionQuery origin;
  };

  [[nodiscard]] std::optional<NextAction> line(std::string_view text);
  [[nodiscard]] std::optional<NextAction> handshake(std::string_view command, std::string_view rest);
  [[nodiscard]] std::optional<NextAction> auth(std::string_view rest);
  [[nodiscard]] std::optional<NextAction> cont(std::string_view rest);
  [[nodiscard]] std::optional<NextAction> cancel(std::string_view rest);
  [[nodiscard]] NextAction authenticate(std::string_view response);

  std::uint32_t connection_;
  std::optional<NextAction> due_;  // comes before what was received
  std::string received_;
  bool version_known_ = false;
  std::optional<std::uint32_t> process_;  // CPID; set when the client's handshake is complete
  std::optional<Exchange> exchange_;      // between AUTH and its answer
};

}  // namespace tecs
