// What holds for the connections to one server or network.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "smtp/tls_plan.hpp"
#include "tecs/error.hpp"

namespace tecs {

// What to do when the connection cannot be signed. In order: each demands more than the one before.
enum class SignatureDemand {
  never,    // it is not signed at all: the MTA has a login of its own there
  may,      // go on unsigned
  offered,  // a server that offers TECS-1 must take the signature
  always,   // only signed mail goes there
};
[[nodiscard]] std::string_view word(SignatureDemand demand) noexcept;
// Fails with bad_option.
[[nodiscard]] Expected<SignatureDemand> parse_signature_demand(std::string_view text);

// Plain value.
struct DestinationPolicy {
  TlsLevel tls = TlsLevel::may;
  std::string name{};  // of the server, where only its address is known otherwise
  SignatureDemand signature = SignatureDemand::may;
  std::size_t maximum_connections = 0;  // at the same time to one server's address; 0: any number
};

}  // namespace tecs
