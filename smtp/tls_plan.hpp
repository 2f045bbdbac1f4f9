// What TLS is to be on one connection to a server, decided before the connection is made.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tecs/error.hpp"
#include "tecs/tlsa_record.hpp"

namespace tecs {

enum class TlsLevel {
  none,     // never
  may,      // when it is offered, whatever the certificate, and in the clear when it fails (RFC 7435)
  encrypt,  // always, whatever the certificate
  verify,   // always, with a certificate for the server's name from an authority that the system trusts
  dane,     // as the TLSA records say (RFC 7672); without any, as may
};
[[nodiscard]] std::string_view word(TlsLevel level) noexcept;
// Fails with bad_option.
[[nodiscard]] Expected<TlsLevel> parse_tls_level(std::string_view text);

enum class TlsDemand {
  never,          // STARTTLS is not said
  opportunistic,  // a failure costs a new connection in the clear
  required,       // a failure ends the connection: the MTA tries the next server or later
};

// Plain value.
struct TlsPlan {
  TlsLevel level = TlsLevel::may;  // of the policy
  TlsDemand demand = TlsDemand::opportunistic;
  std::string server_name{};  // named by SNI, and what the certificate must be for; empty: not known
  // With TLSA records, the certificate may be for one of these instead.
  std::vector<std::string> other_names{};
  std::vector<TlsaRecord> tlsa{};  // one of these must match; empty: DANE has no say
  std::string_view reason{};       // why it is so, as one constant word for the log; empty: the level says it

  [[nodiscard]] bool authenticates() const noexcept { return level == TlsLevel::verify || !tlsa.empty(); }
};

// How it came out, for the log and the metrics.
enum class TlsResult { clear, encrypted, verified, dane, failed };
[[nodiscard]] std::string_view word(TlsResult result) noexcept;

}  // namespace tecs
