#include "milter/exchange_options.hpp"

#include <utility>

#include "program/option_value.hpp"

namespace tecs {
namespace {

namespace po = boost::program_options;

using Attempts = Number<1, 1000>;
using LookupRate = Number<1, 1'000'000>;
using LookupsUnderWay = Number<1, 100'000>;
using ReplayMemorySize = Number<1000, 10'000'000>;
using MaximumSessions = Number<10, 1'000'000>;
using MaximumSaslConnections = Number<10, 100'000>;

}  // namespace

void add_exchange_options(po::options_description& table) {
  auto add = table.add_options();
  add("public-address", values_of<PublicAddress>("PRIVATE=PUBLIC"),
      "behind a load balancer or address translation: an address of this host, and the one under which the "
      "world reaches it, as in 10.0.0.5=192.0.2.25 or, for one port, 10.0.0.5:2525=192.0.2.25:25; several "
      "times for several");
  add("auth-attempts", value_of<Attempts>("NUMBER", "3"), "AUTH commands that one connection may try");
  add("lookup-rate", value_of<LookupRate>("NUMBER", "300"),
      "keys not yet known here that one client network (/24, IPv6 /64) may make this host look up in a "
      "minute");
  add("lookups-under-way", value_of<LookupsUnderWay>("NUMBER", "200"),
      "keys looked up at the same time for all clients; one client network gets a quarter of them");
  add("replay-memory-size", value_of<ReplayMemorySize>("SIGNATURES", "100000"),
      "signatures remembered, each for about a minute, so that none is accepted twice; about 150 octets "
      "each");
  add("maximum-sessions", value_of<MaximumSessions>("NUMBER", "100000"),
      "SMTP connections known at the same time; those beyond cannot be verified");
  add("maximum-sasl-connections", value_of<MaximumSaslConnections>("NUMBER", "1000"),
      "connections to sasl-socket, one for each smtpd process; those beyond wait");
}

Expected<ExchangeOptions> read_exchange_options(const po::variables_map& values) {
  auto public_addresses = PublicAddresses::make(get_list<PublicAddress>(values, "public-address"));
  if (!public_addresses) {
    return failure(Reason::bad_option, "public-address: " + public_addresses.error().sentence);
  }
  return ExchangeOptions{
      std::move(*public_addresses),
      ExchangeLimits{.attempts = get<Attempts>(values, "auth-attempts").value,
                     .lookups = {.per_minute = get<LookupRate>(values, "lookup-rate").value,
                                 .under_way = get<LookupsUnderWay>(values, "lookups-under-way").value},
                     .replays = get<ReplayMemorySize>(values, "replay-memory-size").value},
      get<MaximumSessions>(values, "maximum-sessions").value,
      get<MaximumSaslConnections>(values, "maximum-sasl-connections").value};
}

ExchangeRules make_exchange_rules(const ExchangeOptions& options, const VerifierOptions& verifier) {
  return ExchangeRules{verifier, options.public_addresses, options.limits};
}

}  // namespace tecs
