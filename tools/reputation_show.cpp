#include "tools/reputation_show.hpp"

#include <boost/program_options/value_semantic.hpp>
#include <ostream>

#include "program/option_value.hpp"
#include "tools/domain_argument.hpp"
#include "tools/reputation_explanation.hpp"
#include "tools/reputation_facts.hpp"
#include "tools/reputation_json.hpp"
#include "tools/reputation_options.hpp"
#include "tools/store_option.hpp"

namespace tecs {
namespace {

namespace po = boost::program_options;

Outcome<ReputationFacts> gather(const Domain& domain, const OptionValues& values, const Clock& clock) {
  const auto rules = read_rules(values);
  if (!rules) return tl::unexpected(rules.error());
  const auto database = open_database(values, StoreUse::read);
  if (!database) return tl::unexpected(database.error());
  const auto now = std::chrono::floor<std::chrono::milliseconds>(clock.now());
  auto facts = gather_reputation_facts(**database, domain, *rules, now);
  if (!facts) return failed(facts.error());
  return *std::move(facts);
}

Outcome<ExitCode> show(const OptionValues& given, const Environment& environment) {
  const auto domain = get_optional<Domain>(given, "domain");
  if (!domain) return failed(ExitCode::usage, "a domain is missing");
  const auto form = given["format"].as<std::string>();
  if (form != "text" && form != "json" && form != "reputon")
    return failed(ExitCode::usage, "--format: text, json or reputon");
  const auto values = with_configuration(given);
  if (!values) return tl::unexpected(values.error());
  const auto facts = gather(*domain, *values, environment.clock);
  if (!facts) return tl::unexpected(facts.error());
  if (form == "json")
    environment.out << format_reputation_json(*facts) << '\n';
  else if (form == "reputon")
    environment.out << format_reputon(*facts, read_rater(*values)) << '\n';
  else
    print_reputation(*facts, environment.out);
  return is_known(*facts) ? ExitCode::ok : ExitCode::failed;
}

}  // namespace

ExitCode run_reputation_show(Arguments arguments, const Environment& environment) {
  OptionTable table;
  auto add = table.add_options();
  add("domain", value_of<Domain>("DOMAIN"), "which one; the name of this option may be left out");
  add("format", po::value<std::string>()->value_name("FORM")->default_value("text"), "text, json or reputon");
  add_configuration_options(table);
  add_rules_options(table);
  add_rater_option(table);
  const ProgramText text{
      .name = "tecs reputation show",
      .usage =
          "DOMAIN [--format text|json|reputon] [--rater NAME]\n"
          "                            [--configuration FILE] [--store STORE] [OPTIONS OF THE FORMULA]",
      .description =
          "Says what a domain is worth and why: the state, the number and each of its terms with the\n"
          "figures that went in, what was set by hand, and what would change it. It computes all that "
          "anew;\nwhat receivers are told is what the last 'tecs reputation compute' left, and it says "
          "that too.\nAn organizational domain is assessed by all domains that belong to it. 'reputon' is "
          "a line of\napplication/reputon+json (RFC 7071), where 1 is worst. Ends with 1 when nothing is "
          "known.",
      .examples =
          "tecs reputation show example.org\n"
          "tecs reputation show news.example.org --format json\n"
          "tecs reputation show example.org --bad-rate 0.05"};
  return run_subcommand({text, table, show}, with_domain_named(arguments), environment);
}

}  // namespace tecs
