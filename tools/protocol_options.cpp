#include "tools/protocol_options.hpp"

#include <boost/program_options/value_semantic.hpp>
#include <charconv>
#include <cstdint>
#include <utility>

#include "tecs/adapters/key_file.hpp"

namespace tecs {
namespace {

namespace po = boost::program_options;

auto* required_text(const char* value_name) {
  return po::value<std::string>()->required()->value_name(value_name);
}
auto* optional_text(const char* value_name) {
  return po::value<std::string>()->value_name(value_name);
}

Outcome<Endpoint> read_endpoint(const OptionValues& values, const std::string& name) {
  const auto endpoint = Endpoint::parse(values[name].as<std::string>());
  if (!endpoint) return failed(endpoint.error(), "--" + name);
  return *endpoint;
}

}  // namespace

void add_key_option(OptionTable& table) {
  table.add_options()(
      "key", required_text("FILE"),
      "the private key, PEM; only its owner may write to it, and only owner and group read it");
}

Outcome<SigningKey> read_key(const OptionValues& values) {
  auto key = read_key_file(values["key"].as<std::string>());
  if (key) return *std::move(key);
  if (key.error().reason == Reason::io_error) return failed(ExitCode::no_input, key.error().sentence);
  return failed(key.error());
}

void add_domain_options(OptionTable& table) {
  auto add = table.add_options();
  add("domain", required_text("DOMAIN"), "the signing domain, d=");
  add("selector", optional_text("SELECTOR"), "the selector, s=");
}

Outcome<Domain> read_domain(const OptionValues& values) {
  const auto domain = Domain::parse(values["domain"].as<std::string>());
  if (!domain) return failed(domain.error(), "--domain");
  return *domain;
}

Outcome<std::optional<Selector>> read_selector(const OptionValues& values) {
  const auto text = option_text(values, "selector");
  if (!text) return std::optional<Selector>{};
  const auto selector = Selector::parse(*text);
  if (!selector) return failed(selector.error(), "--selector");
  return std::optional<Selector>(*selector);
}

void add_tuple_options(OptionTable& table) {
  auto add = table.add_options();
  add("destination", required_text("IP:PORT"), "the server's end of the connection");
  add("source", required_text("IP:PORT"), "the client's end; IPv6 is written [IP]:PORT");
}

Outcome<ConnectionTuple> read_tuple(const OptionValues& values) {
  const auto destination = read_endpoint(values, "destination");
  if (!destination) return tl::unexpected(destination.error());
  const auto source = read_endpoint(values, "source");
  if (!source) return tl::unexpected(source.error());
  const auto tuple = ConnectionTuple::make(*destination, *source);
  if (!tuple) return failed(tuple.error(), "--destination and --source");
  return *tuple;
}

void add_time_option(OptionTable& table) {
  table.add_options()("time", optional_text("UNIX"), "the time in seconds since 1970 (default: now)");
}

Outcome<std::chrono::sys_seconds> read_time(const OptionValues& values, const Clock& clock) {
  using std::chrono::seconds;
  const auto text = option_text(values, "time");
  if (!text) return std::chrono::floor<seconds>(clock.now());
  constexpr std::uint64_t last_of_9999 = 253402300799;
  std::uint64_t time = 0;
  const char* const end = text->data() + text->size();
  const auto [rest, error] = std::from_chars(text->data(), end, time);
  if (error != std::errc{} || rest != end || time > last_of_9999) {
    return failed(ExitCode::usage, "--time: not a whole number of seconds from 0 to 253402300799");
  }
  return std::chrono::sys_seconds{seconds{time}};
}

std::optional<std::string> option_text(const OptionValues& values, const std::string& name) {
  if (values.count(name) == 0) return std::nullopt;
  return values[name].as<std::string>();
}

}  // namespace tecs
