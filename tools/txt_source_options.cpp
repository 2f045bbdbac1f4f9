#include "tools/txt_source_options.hpp"

#include <boost/program_options/value_semantic.hpp>
#include <utility>

#include "tecs/adapters/zone_file.hpp"
#include "tools/protocol_options.hpp"

namespace tecs {

namespace po = boost::program_options;

void add_txt_source_options(OptionTable& table) {
  auto add = table.add_options();
  add("zone", po::value<std::string>()->value_name("FILE"), "read DNS records from FILE and ask nobody");
  add("resolver", po::value<std::string>()->value_name("IP:PORT"),
      "ask this resolver (default: the system's)");
}

Outcome<std::unique_ptr<TxtSource>> open_txt_source(const OptionValues& values,
                                                    const Environment& environment) {
  const auto zone = option_text(values, "zone");
  const auto resolver = option_text(values, "resolver");
  if (zone && resolver) return failed(ExitCode::usage, "--zone and --resolver exclude each other");
  if (zone) {
    auto file = ZoneFile::load(*zone);
    if (!file) return failed(file.error());
    return std::unique_ptr<TxtSource>(*std::move(file));
  }
  DnsOptions options;
  if (resolver) {
    const auto endpoint = Endpoint::parse(*resolver);
    if (!endpoint) return failed(endpoint.error(), "--resolver");
    options.resolver = *endpoint;
  }
  auto dns = environment.open_dns(options);
  if (!dns) return failed(ExitCode::unavailable, dns.error().sentence);
  return *std::move(dns);
}

}  // namespace tecs
