#include "tools/sign.hpp"

#include <boost/program_options/value_semantic.hpp>
#include <ostream>
#include <utility>

#include "tecs/base64.hpp"
#include "tecs/signer.hpp"
#include "tools/protocol_options.hpp"

namespace tecs {
namespace {

namespace po = boost::program_options;

Outcome<ExitCode> sign(const OptionValues& values, const Environment& environment) {
  const auto format = values["format"].as<std::string>();
  if (format != "credential" && format != "base64") {
    return failed(ExitCode::usage, "--format: credential or base64");
  }
  const auto domain = read_domain(values);
  if (!domain) return tl::unexpected(domain.error());
  const auto selector = read_selector(values);
  if (!selector) return tl::unexpected(selector.error());
  const auto tuple = read_tuple(values);
  if (!tuple) return tl::unexpected(tuple.error());
  const auto time = read_time(values, environment.clock);
  if (!time) return tl::unexpected(time.error());
  auto key = read_key(values);
  if (!key) return tl::unexpected(key.error());

  const Signer signer(*domain, *selector, *std::move(key));
  const auto credential = signer.sign(*tuple, Epoch::nearest(*time));
  if (!credential) return failed(credential.error());
  const std::string text = credential->format();
  environment.out << (format == "base64" ? encode_base64(octets_of(text)) : text) << '\n';
  return ExitCode::ok;
}

}  // namespace

ExitCode run_sign(Arguments arguments, const Environment& environment) {
  OptionTable table;
  add_key_option(table);
  add_domain_options(table);
  add_tuple_options(table);
  add_time_option(table);
  table.add_options()("format", po::value<std::string>()->value_name("FORM")->default_value("credential"),
                      "credential, or base64 as it goes into AUTH TECS-1");
  const ProgramText text{
      .name = "tecs sign",
      .usage =
          "--key FILE --domain DOMAIN [--selector SELECTOR] --destination IP:PORT\n"
          "                 --source IP:PORT [--time UNIX] [--format credential|base64]",
      .description =
          "Signs one connection, as a mail client would, and prints the credential. It is good for\n"
          "that connection only, for about 45 seconds.",
      .examples =
          "tecs sign --key example.org.pem --domain example.org --destination 192.0.2.25:25 \\\n"
          "    --source 198.51.100.7:40213\n"
          "tecs sign --key s1.pem --domain example.org --selector s1 \\\n"
          "    --destination '[2001:db8::25]:25' --source '[2001:db8::1]:40213' --format base64"};
  return run_subcommand({text, table, sign}, arguments, environment);
}

}  // namespace tecs
