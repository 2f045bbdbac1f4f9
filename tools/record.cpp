#include "tools/record.hpp"

#include <ostream>

#include "tools/protocol_options.hpp"
#include "tools/txt_record.hpp"

namespace tecs {
namespace {

Outcome<ExitCode> record(const OptionValues& values, const Environment& environment) {
  const auto domain = read_domain(values);
  if (!domain) return tl::unexpected(domain.error());
  const auto selector = read_selector(values);
  if (!selector) return tl::unexpected(selector.error());
  const auto key = read_key(values);
  if (!key) return tl::unexpected(key.error());

  environment.out << format_key_txt_record(*key, *domain, *selector);
  return ExitCode::ok;
}

}  // namespace

ExitCode run_record(Arguments arguments, const Environment& environment) {
  OptionTable table;
  add_key_option(table);
  add_domain_options(table);
  const ProgramText text{
      .name = "tecs record",
      .usage = "--key FILE --domain DOMAIN [--selector SELECTOR]",
      .description =
          "Prints the DNS record that publishes the public half of a private key, in the form of a\n"
          "zone file.",
      .examples =
          "tecs record --key example.org.pem --domain example.org\n"
          "tecs record --key s1.pem --domain example.org --selector s1"};
  return run_subcommand({text, table, record}, arguments, environment);
}

}  // namespace tecs
