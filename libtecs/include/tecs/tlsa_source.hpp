// The seam between DANE for SMTP (RFC 7672) and the network: what DNS says of a server by name.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "tecs/api.hpp"
#include "tecs/error.hpp"
#include "tecs/ip_address.hpp"
#include "tecs/tlsa_record.hpp"

namespace tecs {

struct HostAnswer {
  std::vector<IpAddress> addresses;  // of the family asked for; empty: no such name or none there
  std::string name;                  // at the end of the CNAMEs, in lower case, unusual octets escaped
  std::optional<std::chrono::seconds> ttl{};  // least of the chain; empty where none was told
  bool dnssec = false;                        // all of the chain was validated
};

struct TlsaAnswer {
  std::vector<TlsaRecord> records;  // as they stand there, usable or not; empty: there are none
  std::optional<std::chrono::seconds> ttl{};
  bool dnssec = false;
};

// Implementations are thread safe: any number of threads may ask at once. A call may block for the time
// given.
class TECS_API TlsaSource {
 public:
  TlsaSource() = default;
  TlsaSource(const TlsaSource&) = delete;
  TlsaSource& operator=(const TlsaSource&) = delete;
  virtual ~TlsaSource() = default;

  // Whether dnssec can be gone by: that "not validated" means that something is not signed. name: of a zone
  // that is signed for certain, "." for the root. Fails with bad_option when validation is not done here, or
  // not to be believed, for then DANE would never apply and nobody would see; and with dns_timeout or
  // dns_error when that cannot be found out now.
  [[nodiscard]] virtual Expected<void> check_validates(const std::string& name,
                                                       std::chrono::milliseconds time_left) = 0;
  // name: absolute, without the final dot, in lower case. The error is dns_timeout (at once when no time is
  // left) or dns_error: nothing is known, an answer that does not validate included.
  [[nodiscard]] virtual Expected<HostAnswer> host(const std::string& name, AddressFamily family,
                                                  std::chrono::milliseconds time_left) = 0;
  // True when the name is an alias, and that it is was validated, wherever it leads.
  [[nodiscard]] virtual Expected<bool> validated_alias(const std::string& name,
                                                       std::chrono::milliseconds time_left) = 0;
  // name: as "_25._tcp.mx.example.com".
  [[nodiscard]] virtual Expected<TlsaAnswer> tlsa_records(const std::string& name,
                                                          std::chrono::milliseconds time_left) = 0;
};

}  // namespace tecs
