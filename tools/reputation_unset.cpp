#include "tools/reputation_unset.hpp"

#include <boost/program_options/value_semantic.hpp>
#include <ostream>

#include "program/option_value.hpp"
#include "tools/domain_argument.hpp"
#include "tools/reputation_options.hpp"
#include "tools/store_option.hpp"
#include "verdicts/reputation_assessment.hpp"
#include "verdicts/reputation_override.hpp"

namespace tecs {
namespace {

struct Removal {
  bool was_there = false;
  std::optional<ReputationChange> change;
};

Expected<Removal> remove(SqlDatabase& database, const std::string& domain, const ReputationRules& rules,
                         Verdict::Time now) {
  Removal removal;
  return database
      .transaction([&]() -> Expected<void> {
        return remove_override(database, domain)
            .and_then([&](bool removed) {
              removal.was_there = removed;
              return compute_reputation_of(database, domain, rules, now);
            })
            .map([&](const std::optional<ReputationChange>& change) { removal.change = change; });
      })
      .map([&] { return removal; });
}

Outcome<ExitCode> unset(const OptionValues& given, const Environment& environment) {
  const auto domain = get_optional<Domain>(given, "domain");
  if (!domain) return failed(ExitCode::usage, "a domain is missing");
  const auto values = with_configuration(given);
  if (!values) return tl::unexpected(values.error());
  const auto rules = read_rules(*values);
  if (!rules) return tl::unexpected(rules.error());
  const auto database = open_database(*values, StoreUse::change);
  if (!database) return tl::unexpected(database.error());
  const auto now = std::chrono::floor<std::chrono::milliseconds>(environment.clock.now());
  const auto removal = remove(**database, domain->text(), *rules, now);
  if (!removal) return failed(removal.error());
  if (removal->change) {
    environment.out << domain->text() << ' ' << word(removal->change->from) << ' '
                    << word(removal->change->to) << '\n';
  }
  if (removal->was_there) return ExitCode::ok;
  environment.err << "nothing was set for " << domain->text() << '\n';
  return ExitCode::failed;
}

}  // namespace

ExitCode run_reputation_unset(Arguments arguments, const Environment& environment) {
  OptionTable table;
  table.add_options()("domain", value_of<Domain>("DOMAIN"),
                      "which one; the name of this option may be left out");
  add_configuration_options(table);
  add_rules_options(table);
  const ProgramText text{
      .name = "tecs reputation unset",
      .usage = "DOMAIN [--configuration FILE] [--store STORE] [OPTIONS OF THE FORMULA]",
      .description =
          "Takes back what 'tecs reputation set' decided about a domain: the formula says at once what it\n"
          "is worth. Ends with 1 when nothing was set.",
      .examples = "tecs reputation unset example.org"};
  return run_subcommand({text, table, unset}, with_domain_named(arguments), environment);
}

}  // namespace tecs
