// The options that say where the world sees this server, and how much its clients may use up.
#pragma once

#include <boost/program_options/options_description.hpp>
#include <boost/program_options/variables_map.hpp>
#include <cstddef>

#include "milter/exchange_rules.hpp"
#include "milter/public_addresses.hpp"
#include "tecs/error.hpp"
#include "tecs/verifier.hpp"

namespace tecs {

struct ExchangeOptions {
  PublicAddresses public_addresses;
  ExchangeLimits limits;
  std::size_t maximum_sessions;          // SessionRegistry::set_maximum()
  std::size_t maximum_sasl_connections;  // SaslDoorOptions; a change needs a restart
};

// public-address, auth-attempts, lookup-rate, lookups-under-way, replay-memory-size, maximum-sessions and
// maximum-sasl-connections.
void add_exchange_options(boost::program_options::options_description& table);

// values: as read_options() gave them for that table. Fails with bad_option; the sentence names the option.
[[nodiscard]] Expected<ExchangeOptions> read_exchange_options(
    const boost::program_options::variables_map& values);

[[nodiscard]] ExchangeRules make_exchange_rules(const ExchangeOptions& options,
                                                const VerifierOptions& verifier);

}  // namespace tecs
