#include "tools/reputation_set.hpp"

#include <boost/program_options/value_semantic.hpp>
#include <ostream>

#include "program/option_value.hpp"
#include "tecs/printable_text.hpp"
#include "tools/domain_argument.hpp"
#include "tools/reputation_options.hpp"
#include "tools/store_option.hpp"
#include "verdicts/reputation_assessment.hpp"
#include "verdicts/reputation_override.hpp"
#include "verdicts/verdict_fields.hpp"

namespace tecs {
namespace {

namespace po = boost::program_options;

using Lifetime = Duration<1000, 3650UL * 24 * 60 * 60>;

constexpr std::size_t maximum_note = 500;

Outcome<ReputationOverride> read_override(const OptionValues& given, const Clock& clock) {
  const auto domain = get_optional<Domain>(given, "domain");
  if (!domain) return failed(ExitCode::usage, "a domain is missing");
  const auto state =
      given.count("state") == 0 ? std::nullopt : parse_reputation(given["state"].as<std::string>());
  if (!state) return failed(ExitCode::usage, "behind the domain stands one of good, medium, bad and unknown");
  const auto note = given.count("note") == 0 ? std::string() : given["note"].as<std::string>();
  if (note.empty()) return failed(ExitCode::usage, "--note: say why, for whoever asks later");
  const auto now = std::chrono::floor<std::chrono::milliseconds>(clock.now());
  ReputationOverride override{
      .domain = domain->text(), .state = *state, .note = printable_text(note, maximum_note), .time = now};
  if (const auto lifetime = get_optional<Lifetime>(given, "for")) override.expires = now + lifetime->value;
  return override;
}

void print(const ReputationOverride& override, const std::optional<ReputationChange>& change,
           const Environment& environment) {
  if (change) {
    environment.out << change->domain << ' ' << word(change->from) << ' ' << word(change->to) << '\n';
  } else {
    environment.err << override.domain << " is " << word(override.state) << ", as it was before\n";
  }
  if (override.expires) environment.err << "until " << encode_field(*override.expires) << '\n';
}

Outcome<ExitCode> set(const OptionValues& given, const Environment& environment) {
  const auto override = read_override(given, environment.clock);
  if (!override) return tl::unexpected(override.error());
  const auto values = with_configuration(given);
  if (!values) return tl::unexpected(values.error());
  const auto rules = read_rules(*values);
  if (!rules) return tl::unexpected(rules.error());
  const auto database = open_database(*values, StoreUse::change);
  if (!database) return tl::unexpected(database.error());
  std::optional<ReputationChange> change;
  const auto done = (*database)->transaction([&]() -> Expected<void> {
    return set_override(**database, *override)
        .and_then([&] { return compute_reputation_of(**database, override->domain, *rules, override->time); })
        .map([&](const std::optional<ReputationChange>& found) { change = found; });
  });
  if (!done) return failed(done.error());
  print(*override, change, environment);
  return ExitCode::ok;
}

}  // namespace

ExitCode run_reputation_set(Arguments arguments, const Environment& environment) {
  OptionTable table;
  auto add = table.add_options();
  add("domain", value_of<Domain>("DOMAIN"), "which one; the name of this option may be left out");
  add("state", po::value<std::string>()->value_name("STATE"),
      "good, medium, bad or unknown; the name of this option may be left out");
  add("note", po::value<std::string>()->value_name("TEXT"), "why; required");
  add("for", value_of<Lifetime>("TIME"), "for how long, such as 30d (default: until 'unset')");
  add_configuration_options(table);
  const ProgramText text{
      .name = "tecs reputation set",
      .usage =
          "DOMAIN good|medium|bad|unknown --note TEXT [--for TIME]\n"
          "                           [--configuration FILE] [--store STORE]",
      .description =
          "Decides by hand what a domain is worth. It wins over the formula, at once and whatever happens\n"
          "later, until 'tecs reputation unset' or until the time is over: then the next 'compute' goes by\n"
          "the formula again. It holds for this very domain, and for those below it that are not known\n"
          "themselves if it is their organizational domain. 'unknown' is an answer too: a receiver then\n"
          "does not ask for the organizational domain.",
      .examples =
          "tecs reputation set example.org good --note 'our own newsletter'\n"
          "tecs reputation set example.com bad --for 30d --note 'phishing, ticket 4711'"};
  std::vector<const char*> named = with_domain_named(arguments);
  if (named.size() >= 3 && named.size() == arguments.size() + 1 && named[2][0] != '-')
    named.insert(named.begin() + 2, "--state");
  return run_subcommand({text, table, set}, named, environment);
}

}  // namespace tecs
