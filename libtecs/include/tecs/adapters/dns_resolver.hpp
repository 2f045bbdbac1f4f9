// TXT records and host addresses from DNS, through ldns.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tecs/endpoint.hpp"
#include "tecs/key_source.hpp"

namespace tecs {

struct DnsOptions {
  std::optional<Endpoint> resolver;         // empty: those of /etc/resolv.conf
  std::chrono::milliseconds timeout{2000};  // for one query to one server
  int attempts = 2;                         // of each server, before the answer is dns_timeout
};

// Thread safe: each call works with a resolver of its own, made from the settings read at construction.
class DnsResolver final : public TxtSource {
 public:
  // Fails with bad_option when the system's resolver configuration cannot be read.
  [[nodiscard]] static Expected<std::unique_ptr<DnsResolver>> make(const DnsOptions& options);
  ~DnsResolver() override;

  // Asks with EDNS and the AD flag set, over TCP when the answer was truncated (RFC 1035 section 4.2, RFC
  // 6840 section 5.7). NXDOMAIN and "no TXT here" are answers; SERVFAIL, REFUSED and what cannot be read are
  // dns_error.
  [[nodiscard]] Expected<TxtAnswer> lookup(const std::string& name) override;

  // The A and AAAA addresses of a host, IPv6 first; never empty.
  [[nodiscard]] Expected<std::vector<IpAddress>> addresses(const std::string& host);

 private:
  struct Settings;
  explicit DnsResolver(std::unique_ptr<Settings> settings) noexcept;
  std::unique_ptr<const Settings> settings_;
};

}  // namespace tecs
