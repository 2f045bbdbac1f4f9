// By what rules a connection is received. Immutable once made: a session keeps those of its beginning,
// however often the configuration is read again.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "milter/policy/domain_list.hpp"
#include "milter/policy/greylist_entry.hpp"
#include "milter/policy/network_list.hpp"
#include "milter/policy/policy.hpp"
#include "milter/policy/relay_guard.hpp"
#include "tecs/ip_address.hpp"

namespace tecs {

// Plain value. Const member functions are thread safe.
struct ReceptionRules {
  PolicyMode mode = PolicyMode::monitor;
  Policy policy{};
  NetworkList exempt_networks{};
  DomainList exempt_domains{};  // of connections that they signed
  GreylistLimits greylist{};
  unsigned greylist_ipv4_bits = 24;  // of the network that stands for an unsigned client
  unsigned greylist_ipv6_bits = 64;
  std::chrono::milliseconds delay_time = std::chrono::seconds{8};
  std::size_t delay_limit = 20;  // so many connections are delayed at a time
  RelayGuard relay_guard = RelayGuard::postfix;
  DomainList relay_domains{};  // that the relay guard spares

  // client: empty for one that does not come by TCP, which is a program on this host and always exempt.
  [[nodiscard]] bool exempts_network_of(const std::optional<IpAddress>& client) const;

  [[nodiscard]] Judgement judge(const std::optional<IpAddress>& client, const Verification& verification,
                                const std::optional<Reputation>& reputation) const;

  // Under which name greylisting remembers the client.
  [[nodiscard]] std::string greylist_name_of(const IpAddress& client, const Verification& verification) const;
};

}  // namespace tecs
