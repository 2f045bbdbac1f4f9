#include "milter/receiver_rules.hpp"

#include <utility>

namespace tecs {
namespace {

Expected<std::shared_ptr<ReputationLookup>> load_reputation(const MilterOptions& options,
                                                            const ReputationLookup::Parts& parts,
                                                            DnsSource& dns) {
  if (options.reputation.empty()) return nullptr;
  auto lookup = make_reputation_lookup(parts,
                                       ReputationLookupOptions{.sources = options.reputation,
                                                               .store = options.store.text(),
                                                               .timeout = options.reputation_timeout},
                                       dns);
  if (!lookup) return tl::unexpected(lookup.error());
  return std::shared_ptr<ReputationLookup>(std::move(*lookup));
}

}  // namespace

Expected<ReceiverRules> ReceiverRules::load(const MilterOptions& options,
                                            const ReputationLookup::Parts& parts, DnsSource& dns) {
  auto reception = load_reception_rules(options.policy);
  if (!reception) return tl::unexpected(reception.error());
  auto reputation = load_reputation(options, parts, dns);
  if (!reputation) return tl::unexpected(reputation.error());
  const VerifierOptions verifier{.epoch_tolerance = options.epoch_tolerance,
                                 .minimum_rsa_bits = options.minimum_key_bits,
                                 .require_dnssec = options.require_dnssec};
  return ReceiverRules{std::make_shared<const ExchangeRules>(make_exchange_rules(options.exchange, verifier)),
                       std::move(*reception), std::move(*reputation), options.exchange.maximum_sessions};
}

}  // namespace tecs
