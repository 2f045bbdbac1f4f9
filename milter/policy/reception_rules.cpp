#include "milter/policy/reception_rules.hpp"

namespace tecs {
namespace {

bool signed_by_somebody(const Verification& verification) {
  return verification.result == Result::pass && verification.domain.has_value();
}

}  // namespace

bool ReceptionRules::exempts_network_of(const std::optional<IpAddress>& client) const {
  return !client || exempt_networks.contains(*client);
}

Judgement ReceptionRules::judge(const std::optional<IpAddress>& client, const Verification& verification,
                                const std::optional<Reputation>& reputation) const {
  const bool exempt = exempts_network_of(client) ||
                      (signed_by_somebody(verification) && exempt_domains.contains(*verification.domain));
  return exempt ? policy.exempt(verification, reputation) : policy.judge(verification, reputation);
}

std::string ReceptionRules::greylist_name_of(const IpAddress& client,
                                             const Verification& verification) const {
  if (signed_by_somebody(verification)) return greylist_name(*verification.domain);
  const bool ipv4 = client.family() == AddressFamily::ipv4;
  return greylist_name(Network::around(client, ipv4 ? greylist_ipv4_bits : greylist_ipv6_bits));
}

}  // namespace tecs
