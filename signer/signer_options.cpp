#include "signer/signer_options.hpp"

#include <boost/program_options/value_semantic.hpp>
#include <utility>

#include "program/log.hpp"

namespace tecs {
namespace {

namespace po = boost::program_options;

// The sentence of an error says which option it is about.
template <typename Value>
Expected<Value> of_option(const char* name, Expected<Value> value) {
  if (value) return value;
  return failure(Reason::bad_option, std::string(name) + ": " + value.error().sentence);
}

template <typename Parse>
auto parse_option(const po::variables_map& values, const char* name, Parse parse) {
  return of_option(name, parse(values[name].as<std::string>()));
}

template <typename Value, typename Parse>
Expected<std::optional<Value>> parse_optional(const po::variables_map& values, const char* name,
                                              Parse parse) {
  if (values.count(name) == 0) return std::nullopt;
  return parse_option(values, name, parse).map([](Value value) {
    return std::optional<Value>(std::move(value));
  });
}

Expected<std::vector<ListenAddress>> parse_listen(const po::variables_map& values) {
  static const std::vector<std::string> usual{"127.0.0.1:10025"};
  std::vector<ListenAddress> addresses;
  for (const std::string& text :
       values.count("listen") == 0 ? usual : values["listen"].as<std::vector<std::string>>()) {
    const auto address = of_option("listen", ListenAddress::parse(text));
    if (!address) return tl::unexpected(address.error());
    addresses.push_back(*address);
  }
  return addresses;
}

Expected<bool> parse_tls(const std::string& text) {
  if (text == "may") return true;
  if (text == "none") return false;
  return failure(Reason::bad_option, "it is none or may");
}

}  // namespace

const ProgramText& signer_text() {
  static const ProgramText text{
      .name = "tecs-signer",
      .usage =
          "--upstream HOST:PORT|original-destination --domain DOMAIN --key FILE [--listen ADDRESS:PORT]...",
      .description =
          "Stands between your MTA and the servers it sends to, and signs each connection for your\n"
          "domain with AUTH TECS-1. It does STARTTLS itself, so the MTA speaks to it in the clear:\n"
          "keep them on one host. Where the server does not offer TECS-1, mail goes on unsigned.\n"
          "\n"
          "With upstream = original-destination the firewall redirects the MTA's connections to\n"
          "port 25 here. Run the signer as a user of its own and spare that user in the rule, or its\n"
          "own connections come back to it:\n"
          "  nft add rule inet nat output tcp dport 25 meta skuid != tecs redirect to :10025\n"
          "With upstream = HOST:PORT all mail goes to that next hop, and no rule is needed.\n"
          "\n"
          "SIGTERM ends it: no new connections, and 30 seconds for those under way.",
      .examples =
          "tecs-signer --upstream original-destination --domain example.org --selector s1 \\\n"
          "    --key /etc/tecs/example.org.pem --listen 127.0.0.1:10025 --listen [::1]:10025\n"
          "tecs-signer --config /etc/tecs/signer.conf\n"};
  return text;
}

po::options_description signer_option_table() {
  po::options_description table("Options");
  auto add = table.add_options();
  add("listen", po::value<std::vector<std::string>>()->composing()->value_name("ADDRESS:PORT"),
      "where the MTA connects to, 127.0.0.1:10025 if not given; can be given several times, also as "
      "[::1]:10025");
  add("upstream", po::value<std::string>()->required()->value_name("HOST:PORT|original-destination"),
      "where connections go on to: one next hop, or wherever the MTA was going before the firewall "
      "redirected it");
  add("domain", po::value<std::string>()->required()->value_name("DOMAIN"), "the domain to sign for");
  add("selector", po::value<std::string>()->value_name("SELECTOR"),
      "the key is published at SELECTOR._domainkey.DOMAIN; without it, at _domainkey.DOMAIN or _tecs.DOMAIN");
  add("key", po::value<std::string>()->required()->value_name("FILE"),
      "the private key in PEM form; only its owner may write to it, and only owner and group read it");
  add("tls", po::value<std::string>()->default_value("may")->value_name("none|may"),
      "may: encrypt when the server offers STARTTLS, without looking at its certificate; none: never");
  add("resolver", po::value<std::string>()->value_name("ADDRESS:PORT"),
      "the DNS server to ask for upstream's addresses; those of /etc/resolv.conf if not given");
  add("log-level", po::value<std::string>()->default_value("info")->value_name("LEVEL"),
      "debug, info (one line for each connection), warning or error");
  add("config", po::value<std::string>()->value_name("FILE"),
      "read options from this file too: lines of key = value");
  add("help", "print this and end");
  add("version", "print the version and end");
  return table;
}

Expected<SignerOptions> check_signer_options(const po::variables_map& values) {
  auto listen = parse_listen(values);
  if (!listen) return tl::unexpected(listen.error());
  auto upstream = parse_option(values, "upstream", parse_upstream_address);
  if (!upstream) return tl::unexpected(upstream.error());
  auto domain = parse_option(values, "domain", Domain::parse);
  if (!domain) return tl::unexpected(domain.error());
  auto selector = parse_optional<Selector>(values, "selector", Selector::parse);
  if (!selector) return tl::unexpected(selector.error());
  const auto tls = parse_option(values, "tls", parse_tls);
  if (!tls) return tl::unexpected(tls.error());
  const auto resolver = parse_optional<Endpoint>(values, "resolver", Endpoint::parse);
  if (!resolver) return tl::unexpected(resolver.error());
  const auto level = parse_option(values, "log-level", parse_log_level);
  if (!level) return tl::unexpected(level.error());
  return SignerOptions{std::move(*listen),
                       std::move(*upstream),
                       std::move(*domain),
                       std::move(*selector),
                       values["key"].as<std::string>(),
                       *tls,
                       *resolver,
                       *level};
}

}  // namespace tecs
