#include "signer/signer_options.hpp"

#include <boost/program_options/options_description.hpp>
#include <utility>

#include "program/log.hpp"
#include "program/option_value.hpp"
#include "program/options.hpp"
#include "tecs/signed_view.hpp"

namespace tecs {
namespace {

namespace po = boost::program_options;

using Upstream = ParsedBy<parse_upstream_address>;
using Tls = ParsedBy<parse_tls_level>;
using Signature = ParsedBy<parse_signature_demand>;
using Source = ParsedBy<parse_source_choice>;
using LogLevel = ParsedBy<parse_log_level>;
using MaximumSessions = Number<1, 1'000'000>;
using MaximumConnections = Number<0, 1'000'000>;
using DrainTime = Duration<0, 3600>;
using ChallengeSkew = Duration<0, longest_challenge_skew.count()>;

ProgramText program_text() {
  return {.name = "tecs-signer",
          .usage =
              "--upstream HOST:PORT|original-destination --domain DOMAIN --key FILE [options]\n"
              "       tecs-signer --config FILE [options]",
          .description =
              "Stands between your MTA and the servers it sends to, and signs each connection for your\n"
              "domain with AUTH TECS-1. It does STARTTLS itself, so the MTA speaks to it in the clear:\n"
              "keep them on one host. Where the server does not offer TECS-1, mail goes on unsigned.\n"
              "\n"
              "With upstream = original-destination the firewall redirects the MTA's connections to\n"
              "port 25 here. Run the signer as a user of its own and spare that user in the rule, or its\n"
              "own connections come back to it; share/tecs/tecs-signer.nft has the rules. With\n"
              "upstream = HOST:PORT all mail goes to that next hop, and no rule is needed.\n"
              "\n"
              "SIGHUP reads configuration, identities and destinations again; if there is a mistake in\n"
              "them, nothing changes. SIGTERM ends it: no new connections, and drain-time for those\n"
              "under way.",
          .examples =
              "tecs-signer --upstream original-destination --domain example.org --selector s1 \\\n"
              "    --key /etc/tecs/keys/example.org.pem --listen 127.0.0.1:10025 --listen [::1]:10025\n"
              "tecs-signer --upstream [192.0.2.25]:25 --identities /etc/tecs/identities --tls encrypt\n"
              "tecs-signer --config /etc/tecs/signer.conf --check-config\n"};
}

void add_connection_options(po::options_description& table) {
  auto add = table.add_options();
  add("listen", values_of<ListenAddress>("ADDRESS:PORT"),
      "where the MTA connects to, 127.0.0.1:10025 if not given; can be given several times, also as "
      "[::1]:10025");
  add("upstream", value_of<Upstream>("HOST:PORT|original-destination")->required(),
      "where connections go on to: one next hop, or wherever the MTA was going before the firewall "
      "redirected it");
  add("source", value_of<Source>("mta|system|transparent"),
      "address to connect from: the one that the MTA chose (default with original-destination), the "
      "kernel's choice (default else), or the MTA's although it is another host's");
  add("maximum-connections", value_of<MaximumSessions>("NUMBER", "10000"),
      "of MTAs at the same time; more are told 421");
  add("connections-per-destination", value_of<MaximumConnections>("NUMBER", "0"),
      "at the same time to one address, more are told 421; 0: any number");
  add("destinations", po::value<std::string>()->value_name("FILE"),
      "what holds for some servers: TLS, signature, connections; see tecs-signer-destinations(5)");
}

void add_signing_options(po::options_description& table) {
  auto add = table.add_options();
  add("domain", value_of<Domain>("DOMAIN"), "the domain to sign for");
  add("selector", value_of<Selector>("SELECTOR"),
      "the key is published at SELECTOR._domainkey.DOMAIN; without it, at _domainkey.DOMAIN or _tecs.DOMAIN");
  add("key", po::value<std::string>()->value_name("FILE"),
      "the private key in PEM form; only its owner may write to it, and only owner and group read it");
  add("identities", po::value<std::string>()->value_name("FILE"),
      "who signs what, when there are several; see tecs-signer-identities(5)");
  add("require-signature", value_of<Signature>("never|may|offered|always", "may"),
      "never: the MTA logs in itself; may: without a signature mail goes on; offered: a server that offers "
      "TECS-1 must take it; always: nothing goes unsigned");
  add("nat", value_of<NatRule>("never|always|NETWORKS", "never"),
      "when to sign with the address that the server sees (behind NAT): if the own address is in these "
      "networks");
  add("challenge-skew", value_of<ChallengeSkew>("TIME", "2m"),
      "with nat: how far the server's clock may be from ours to sign with its time");
}

void add_tls_options(po::options_description& table) {
  auto add = table.add_options();
  add("tls", value_of<Tls>("none|may|encrypt|verify|dane", "may"),
      "may: encrypt when the server offers it, whatever the certificate; encrypt: always; verify: always, "
      "and "
      "the certificate must be the server's; dane: as DNSSEC says");
  add("tls-ca-file", po::value<std::string>()->value_name("FILE")->default_value("", "those of the system"),
      "authorities that verify trusts, in PEM form");
  add("resolver", value_of<Endpoint>("ADDRESS:PORT"),
      "the DNS server to ask; those of /etc/resolv.conf if not given. For dane it must validate DNSSEC");
  add("dnssec-probe", po::value<std::string>()->value_name("NAME")->default_value("."),
      "a signed name by which to see at the start whether the resolver validates");
}

void add_program_options(po::options_description& table) {
  auto add = table.add_options();
  add("config", po::value<std::string>()->value_name("FILE"),
      "read options from this file too: lines of key = value");
  add("user", value_of<ServiceUser>("USER[:GROUP]"), "whom to become when started as root");
  add("drain-time", value_of<DrainTime>("TIME", "30s"), "for connections under way, after SIGTERM");
  add("metrics-address", value_of<Endpoint>("ADDRESS:PORT"), "answer there for Prometheus at /metrics");
  add("log-level", value_of<LogLevel>("LEVEL", "info"),
      "debug, info (one line for each connection), warning or error");
  add("check-config", "look at the configuration and all files it names, and end");
  add("help", "print this and end");
  add("version", "print the version and end");
}

po::options_description options_table() {
  po::options_description table("Options");
  add_connection_options(table);
  add_signing_options(table);
  add_tls_options(table);
  add_program_options(table);
  return table;
}

std::optional<std::string> path_of(const po::variables_map& values, const char* name) {
  return values.count(name) == 0 ? std::nullopt : std::optional(values[name].as<std::string>());
}

Expected<std::optional<StandardIdentity>> read_standard(const po::variables_map& values) {
  const auto domain = get_optional<Domain>(values, "domain");
  const auto selector = get_optional<Selector>(values, "selector");
  const auto key = path_of(values, "key");
  if (domain && key) return StandardIdentity{*domain, selector, *key};
  if (domain) return failure(Reason::bad_option, "key: is needed when domain is given");
  if (key || selector) {
    return failure(Reason::bad_option,
                   std::string("domain: is needed when ") + (key ? "key" : "selector") + " is given");
  }
  if (values.count("identities") != 0) return std::nullopt;
  return failure(Reason::bad_option, "domain and key, or identities, are needed");
}

std::vector<ListenAddress> read_listen(const po::variables_map& values) {
  auto addresses = get_list<ListenAddress>(values, "listen");
  if (addresses.empty()) addresses.push_back(ListenAddress::parse("127.0.0.1:10025").value());
  return addresses;
}

// To a fixed server the MTA's address says nothing: it is usually that of loopback.
SourceChoice read_source(const po::variables_map& values, const UpstreamAddress& upstream) {
  const auto choice = get_optional<Source>(values, "source");
  if (choice) return choice->value;
  return std::holds_alternative<OriginalDestination>(upstream) ? SourceChoice::mta : SourceChoice::system;
}

}  // namespace

std::string option_that_needs_restart(const SignerOptions& running, const SignerOptions& wanted) {
  if (running.listen != wanted.listen) return "listen";
  if (running.upstream != wanted.upstream) return "upstream";
  if (running.source != wanted.source) return "source";
  if (running.maximum_sessions != wanted.maximum_sessions) return "maximum-connections";
  if (running.tls_ca_path != wanted.tls_ca_path) return "tls-ca-file";
  if (running.resolver != wanted.resolver) return "resolver";
  if (running.user != wanted.user) return "user";
  if (running.drain_time != wanted.drain_time) return "drain-time";
  if (running.metrics_address != wanted.metrics_address) return "metrics-address";
  return {};
}

Expected<SignerRequest> read_signer_options(std::span<const char* const> arguments) {
  const po::options_description table = options_table();
  const auto values = read_options(arguments, table);
  if (!values) return tl::unexpected(values.error());
  if (values->count("help") != 0) return SignerRequest(help_text(program_text(), table));
  if (values->count("version") != 0) return SignerRequest(version_text("tecs-signer"));
  auto standard = read_standard(*values);
  if (!standard) return tl::unexpected(standard.error());
  const UpstreamAddress upstream = get<Upstream>(*values, "upstream").value;
  return SignerRequest(SignerOptions{
      .listen = read_listen(*values),
      .upstream = upstream,
      .standard = std::move(*standard),
      .identities_path = path_of(*values, "identities"),
      .destinations_path = path_of(*values, "destinations"),
      .destination = {.tls = get<Tls>(*values, "tls").value,
                      .signature = get<Signature>(*values, "require-signature").value,
                      .maximum_connections =
                          get<MaximumConnections>(*values, "connections-per-destination").value},
      .tls_ca_path = (*values)["tls-ca-file"].as<std::string>(),
      .dnssec_probe = (*values)["dnssec-probe"].as<std::string>(),
      .nat = get<NatRule>(*values, "nat"),
      .challenge_skew =
          std::chrono::floor<std::chrono::seconds>(get<ChallengeSkew>(*values, "challenge-skew").value),
      .source = read_source(*values, upstream),
      .maximum_sessions = get<MaximumSessions>(*values, "maximum-connections").value,
      .drain_time = get<DrainTime>(*values, "drain-time").value,
      .resolver = get_optional<Endpoint>(*values, "resolver"),
      .user = get_optional<ServiceUser>(*values, "user"),
      .metrics_address = get_optional<Endpoint>(*values, "metrics-address"),
      .log_level = get<LogLevel>(*values, "log-level").value,
      .check_only = values->count("check-config") != 0,
  });
}

}  // namespace tecs
