#include "tools/probe_options.hpp"

#include <algorithm>
#include <boost/program_options/value_semantic.hpp>
#include <charconv>
#include <utility>

#include "program/option_value.hpp"
#include "tools/protocol_options.hpp"

namespace tecs {
namespace {

namespace po = boost::program_options;
using Timeout = Duration<100, 600>;

constexpr std::size_t longest_name = 253;  // RFC 1035 section 2.3.4

// Letters, digits, hyphens, dots; what stands there goes into a command line.
bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= longest_name && text.front() != '-' && text.front() != '.' &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                  c == '.' || c == '_';
         });
}

// RFC 5321 section 4.1.1.1: a name, or an address literal such as [192.0.2.1].
bool is_helo(std::string_view text) {
  if (!text.starts_with('[') || !text.ends_with(']')) return is_name(text);
  const std::string_view inside = text.substr(1, text.size() - 2);
  return IpAddress::parse(inside.starts_with("IPv6:") ? inside.substr(5) : inside).has_value();
}

Expected<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size() || port == 0) {
    return failure(Reason::bad_option, "the port is a number from 1 to 65535");
  }
  return port;
}

Outcome<std::shared_ptr<const Signer>> read_signer(const OptionValues& values) {
  const auto domain = option_text(values, "domain");
  const auto path = option_text(values, "key");
  if (!domain && !path) {
    if (option_text(values, "selector") || values["challenge"].as<bool>()) {
      return failed(ExitCode::usage,
                    "--selector and --challenge are for signing: say --domain and --key too");
    }
    return std::shared_ptr<const Signer>();
  }
  if (!domain || !path) return failed(ExitCode::usage, "--domain and --key belong together");
  const auto parsed = read_domain(values);
  if (!parsed) return tl::unexpected(parsed.error());
  const auto selector = read_selector(values);
  if (!selector) return tl::unexpected(selector.error());
  auto key = read_key(values);
  if (!key) return tl::unexpected(key.error());
  return std::make_shared<const Signer>(*parsed, *selector, *std::move(key));
}

Outcome<TlsPlan> read_tls(const OptionValues& values, const ProbeTarget& target) {
  const auto level = parse_tls_level(values["tls"].as<std::string>());
  if (!level || *level == TlsLevel::dane) {
    return failed(ExitCode::usage, "--tls: none, may, encrypt or verify");
  }
  if (*level == TlsLevel::verify && target.address) {
    return failed(ExitCode::usage, "--tls verify: a certificate is for a name, so name the server by it");
  }
  const TlsDemand demand = *level == TlsLevel::none  ? TlsDemand::never
                           : *level == TlsLevel::may ? TlsDemand::opportunistic
                                                     : TlsDemand::required;
  return TlsPlan{
      .level = *level, .demand = demand, .server_name = target.address ? std::string() : target.host};
}

Outcome<std::string> read_helo(const OptionValues& values, const Environment& environment) {
  const std::string helo = option_text(values, "helo").value_or(environment.network.host_name());
  if (!is_helo(helo)) {
    return failed(ExitCode::usage, "--helo: a host name, or an address in brackets");
  }
  return helo;
}

}  // namespace

Expected<ProbeTarget> ProbeTarget::parse(std::string_view text) {
  ProbeTarget target;
  if (const auto bare = IpAddress::parse(text); bare && !bare->unspecified()) {
    target.host = std::string(text);
    target.address = *bare;
    return target;
  }
  std::string_view host = text;
  std::optional<std::string_view> port;
  if (text.starts_with('[')) {
    const std::size_t bracket = text.find(']');
    if (bracket == std::string_view::npos) return failure(Reason::bad_option, "a bracket is not closed");
    host = text.substr(1, bracket - 1);
    const std::string_view rest = text.substr(bracket + 1);
    if (!rest.empty() && rest.front() != ':') return failure(Reason::bad_option, "write [ADDRESS]:PORT");
    if (!rest.empty()) port = rest.substr(1);
  } else if (const std::size_t colon = text.rfind(':'); colon != std::string_view::npos) {
    host = text.substr(0, colon);
    port = text.substr(colon + 1);
  }
  if (port) {
    const auto number = parse_port(*port);
    if (!number) return tl::unexpected(number.error());
    target.port = *number;
  }
  target.host = std::string(host);
  if (const auto address = IpAddress::parse(host)) {
    if (address->unspecified()) return failure(Reason::bad_option, "that is no server's address");
    target.address = *address;
    return target;
  }
  if (!is_name(host) || text.starts_with('[')) {
    return failure(Reason::bad_option, "write HOST or HOST:PORT, where HOST is a name or an address");
  }
  return target;
}

void add_probe_options(OptionTable& table) {
  auto add = table.add_options();
  add("server", po::value<std::string>()->value_name("HOST[:PORT]"),
      "which one; the name of this option may be left out; without PORT it is 25");
  add("domain", po::value<std::string>()->value_name("DOMAIN"), "sign for this domain, d=");
  add("selector", po::value<std::string>()->value_name("SELECTOR"), "the selector, s=");
  add("key", po::value<std::string>()->value_name("FILE"),
      "the private key, PEM; without it, it ends with whether TECS-1 is offered");
  add("challenge", po::bool_switch(), "ask the server how it sees this host, and sign that");
  add("tls", po::value<std::string>()->value_name("LEVEL")->default_value("may"),
      "none, may, encrypt, or verify (the certificate, too)");
  add("helo", po::value<std::string>()->value_name("NAME"), "the name for EHLO (default: that of this host)");
  add("source", po::value<std::string>()->value_name("ADDRESS"), "connect from this address of this host");
  add("timeout", value_of<Timeout>("TIME", "30s"),
      "how long to wait for the server's answers; for HOST in DNS, as long as the system does");
}

Outcome<ProbeOptions> read_probe_options(const OptionValues& values, const Environment& environment) {
  const auto server = option_text(values, "server");
  if (!server) return failed(ExitCode::usage, "say which server: a name or an address");
  const auto target = ProbeTarget::parse(*server);
  if (!target) return failed(target.error(), "the server");
  const auto tls = read_tls(values, *target);
  if (!tls) return tl::unexpected(tls.error());
  const auto helo = read_helo(values, environment);
  if (!helo) return tl::unexpected(helo.error());
  std::optional<IpAddress> source;
  if (const auto text = option_text(values, "source")) {
    const auto address = IpAddress::parse(*text);
    if (!address) return failed(address.error(), "--source");
    source = *address;
  }
  auto signer = read_signer(values);
  if (!signer) return tl::unexpected(signer.error());
  return ProbeOptions{*target,
                      *std::move(signer),
                      values["challenge"].as<bool>(),
                      *tls,
                      *helo,
                      source,
                      get<Timeout>(values, "timeout").value};
}

}  // namespace tecs
