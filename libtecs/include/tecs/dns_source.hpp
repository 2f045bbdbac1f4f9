// The seam between a list that is published in DNS and the network: what such a list is asked, with the time
// that the caller has left.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "tecs/api.hpp"
#include "tecs/error.hpp"
#include "tecs/ip_address.hpp"
#include "tecs/key_source.hpp"

namespace tecs {

struct AddressAnswer {
  std::vector<IpAddress> addresses;  // one for each A record; empty: no such name or no A there
  std::chrono::seconds ttl{0};       // how long this may be kept; from the SOA when there are none (RFC 2308)
};

// Implementations are thread safe: any number of threads may ask at once. A call may block for the time
// given.
class TECS_API DnsSource {
 public:
  DnsSource() = default;
  DnsSource(const DnsSource&) = delete;
  DnsSource& operator=(const DnsSource&) = delete;
  virtual ~DnsSource() = default;

  // name: absolute, without the final dot, in lower case. The error is always one that can pass: dns_timeout
  // (at once when no time is left) or dns_error.
  [[nodiscard]] virtual Expected<TxtAnswer> texts(const std::string& name,
                                                  std::chrono::milliseconds time_left) = 0;
  [[nodiscard]] virtual Expected<AddressAnswer> ipv4_addresses(const std::string& name,
                                                               std::chrono::milliseconds time_left) = 0;
};

}  // namespace tecs
