#include "tools/verdict_conditions.hpp"

#include <boost/program_options/value_semantic.hpp>
#include <string>

#include "program/option_value.hpp"
#include "tecs/domain.hpp"
#include "tecs/endpoint.hpp"
#include "tecs/network.hpp"
#include "tools/protocol_options.hpp"
#include "tools/time_option.hpp"
#include "verdicts/client_network.hpp"

namespace tecs {
namespace {

namespace po = boost::program_options;

using Limit = Number<1, 1'000'000'000>;

Outcome<std::optional<std::string>> read_domain_option(const OptionValues& values, const std::string& name) {
  const auto text = option_text(values, name);
  if (!text) return std::nullopt;
  const auto domain = Domain::parse(*text);
  if (!domain) return failed(domain.error(), "--" + name);
  return domain->text();
}

// An address stands for the network that it is counted with.
Outcome<std::optional<std::string>> read_network(const OptionValues& values) {
  const auto text = option_text(values, "network");
  if (!text) return std::nullopt;
  if (const auto network = Network::parse(*text); network && text->find('/') != std::string::npos) {
    std::string counted = ClientNetwork::site_of(network->address()).format();
    if (network->format() == counted) return counted;
    return failed(ExitCode::usage,
                  "--network: ask for " + counted + ", as clients are counted by /24, of IPv6 by /48");
  }
  if (const auto address = IpAddress::parse(*text)) return ClientNetwork::site_of(*address).format();
  return failed(ExitCode::usage, "--network: not a network such as 192.0.2.0/24 or 2001:db8:1::/48");
}

Outcome<std::optional<Result>> read_result(const OptionValues& values) {
  const auto text = option_text(values, "result");
  if (!text) return std::nullopt;
  if (const auto result = parse_result(*text)) return result;
  return failed(ExitCode::usage, "--result: one of none, pass, fail, policy, temperror, permerror");
}

}  // namespace

void add_summary_conditions(OptionTable& table) {
  add_period_options(table);
  auto add = table.add_options();
  add("domain", po::value<std::string>()->value_name("DOMAIN"), "only this signing domain");
  add("organizational-domain", po::value<std::string>()->value_name("DOMAIN"),
      "only signing domains that belong to this one");
  add("result", po::value<std::string>()->value_name("RESULT"),
      "only none, pass, fail, policy, temperror or permerror");
  add("receiver", po::value<std::string>()->value_name("NAME"),
      "only what this receiving host says, by its name in Authentication-Results");
}

void add_verdict_conditions(OptionTable& table) {
  add_summary_conditions(table);
  auto add = table.add_options();
  add("reason", po::value<std::string>()->value_name("WORD"),
      "only those with this reason, such as signature-mismatch");
  add("network", po::value<std::string>()->value_name("NETWORK"),
      "only clients of this network, as they are counted: a /24, of IPv6 a /48; an address stands for its "
      "own");
}

Outcome<VerdictQuery> read_verdict_conditions(const OptionValues& values, const Clock& clock) {
  VerdictQuery query;
  const auto period = read_period(values, clock);
  if (!period) return tl::unexpected(period.error());
  query.since = period->since;
  query.until = period->until;
  const auto domain = read_domain_option(values, "domain");
  if (!domain) return tl::unexpected(domain.error());
  query.domain = *domain;
  const auto organizational_domain = read_domain_option(values, "organizational-domain");
  if (!organizational_domain) return tl::unexpected(organizational_domain.error());
  query.organizational_domain = *organizational_domain;
  const auto result = read_result(values);
  if (!result) return tl::unexpected(result.error());
  query.result = *result;
  query.receiver = option_text(values, "receiver");
  query.reason = option_text(values, "reason");
  const auto network = read_network(values);
  if (!network) return tl::unexpected(network.error());
  query.network = *network;
  return query;
}

void add_limit_option(OptionTable& table, const char* what) {
  table.add_options()("limit,n", value_of<Limit>("NUMBER"), what);
}

std::optional<std::size_t> read_limit(const OptionValues& values) {
  const auto limit = get_optional<Limit>(values, "limit");
  if (!limit) return std::nullopt;
  return limit->value;
}

}  // namespace tecs
