// TXT and TLSA records and host addresses from DNS, by asking a recursive resolver. Messages are read and
// made by ldns.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tecs/api.hpp"
#include "tecs/dns_source.hpp"
#include "tecs/endpoint.hpp"
#include "tecs/key_source.hpp"
#include "tecs/tlsa_source.hpp"

namespace tecs {

struct DnsOptions {
  std::optional<Endpoint> resolver{};       // empty: the first three of system_configuration, on port 53
  std::chrono::milliseconds timeout{2000};  // for one query to one server, over UDP and TCP together
  int attempts = 2;                         // of each server, before the answer is dns_timeout
  // For all of a lookup. A credential leads to two at most, and Postfix gives its SASL server 10 seconds.
  std::chrono::milliseconds lookup_time{4000};
  std::string system_configuration = "/etc/resolv.conf";
  std::uint16_t system_port = 53;  // of all servers of system_configuration
};

// Thread safe: each call has a socket of its own, and the settings are those read at construction.
class TECS_API DnsResolver final : public TxtSource, public DnsSource, public TlsaSource {
 public:
  static constexpr std::size_t maximum_servers = 3;

  // Fails with bad_option when the system's configuration cannot be read or an option makes no sense.
  [[nodiscard]] static Expected<std::unique_ptr<DnsResolver>> make(const DnsOptions& options);
  ~DnsResolver() override;

  // Takes at most timeout x attempts x servers, and never more than lookup_time. Asks with EDNS and the AD
  // flag set, over TCP when the answer was truncated (RFC 1035 section 4.2, RFC 6840 section 5.7). CNAMEs in
  // the answer are followed. NXDOMAIN and "no TXT here" are answers. dns_timeout: no server said anything.
  // dns_error: SERVFAIL, REFUSED and the like from all servers, or answers that do not fit the question or
  // cannot be read, or nobody listens there.
  //
  // dnssec is the AD flag of the answer, believed of a server on this host and of one that the options name:
  // whoever names a resolver elsewhere vouches for it and for the way there (RFC 4035 section 4.9.3).
  [[nodiscard]] Expected<TxtAnswer> lookup(const std::string& name) override;

  // The same within the time that is left, if that is less than lookup_time.
  [[nodiscard]] Expected<TxtAnswer> texts(const std::string& name,
                                          std::chrono::milliseconds time_left) override;

  // As texts(), for A records: there being none is an answer here.
  [[nodiscard]] Expected<AddressAnswer> ipv4_addresses(const std::string& name,
                                                       std::chrono::milliseconds time_left) override;

  // The A and AAAA addresses of a host, IPv6 first; never empty: no address at all is dns_error. If only one
  // of the two questions can be answered, that will do. Takes at most twice as long as lookup().
  [[nodiscard]] Expected<std::vector<IpAddress>> addresses(const std::string& host);

  // dnssec as in lookup(). As A and AAAA records, each a question of its own.
  [[nodiscard]] Expected<HostAnswer> host(const std::string& name, AddressFamily family,
                                          std::chrono::milliseconds time_left) override;
  [[nodiscard]] Expected<bool> validated_alias(const std::string& name,
                                               std::chrono::milliseconds time_left) override;
  // Fails with dns_error also for more than maximum_tlsa_records, or records of more than
  // maximum_tlsa_octets together: each connection to that server has a copy.
  [[nodiscard]] Expected<TlsaAnswer> tlsa_records(const std::string& name,
                                                  std::chrono::milliseconds time_left) override;
  static constexpr std::size_t maximum_tlsa_records = 64;
  static constexpr std::size_t maximum_tlsa_octets = 16'384;

  // Each server is asked by itself. Fails with bad_option when one of them says without the AD flag what
  // stands there, or when its word is not believed (see lookup()); and with dns_timeout or dns_error when
  // one of them cannot be asked now, for a later question may be answered by that one.
  [[nodiscard]] Expected<void> check_validates(const std::string& name,
                                               std::chrono::milliseconds time_left) override;

 private:
  struct TECS_INTERNAL Settings;
  explicit DnsResolver(std::unique_ptr<const Settings> settings) noexcept;
  std::unique_ptr<const Settings> settings_;
};

}  // namespace tecs
