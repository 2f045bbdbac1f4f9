// One exchange of TECS-1 on the client's side (PROTOCOL sections 1 and 6): what is sent with AUTH, and what
// in answer to the 334. A machine without I/O; Cyrus SASL and the MTA encode and send.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sasl/client_terms.hpp"
#include "tecs/clock.hpp"
#include "tecs/connection_tuple.hpp"
#include "tecs/error.hpp"

namespace tecs {

// For one connection and one thread. The clock must outlive it.
class ClientExchange {
 public:
  // own: the connection as this host sees it.
  ClientExchange(ClientTerms terms, const ConnectionTuple& own, const Clock& clock) noexcept;

  // The credential that goes with the AUTH command, or nothing when the 334 is to be answered: because the
  // challenge is wanted, or because the credential is too long for a command line. Fails when the crypto
  // library does.
  [[nodiscard]] Expected<std::optional<std::string>> initial_response();
  // The credential in answer to the 334. challenge: decoded, as the server sent it; one that is empty, cannot
  // be read or was not asked for does not count.
  [[nodiscard]] Expected<std::string> response(std::string_view challenge);

 private:
  [[nodiscard]] Expected<Credential> sign(const ConnectionTuple& tuple, std::chrono::sys_seconds time) const;
  [[nodiscard]] std::chrono::sys_seconds now() const;

  ClientTerms terms_;
  ConnectionTuple own_;
  const Clock& clock_;
  bool asks_;  // for the challenge
};

}  // namespace tecs
