#include "tools/reputation_compute.hpp"

#include <boost/program_options/value_semantic.hpp>
#include <ostream>

#include "tools/plain_text.hpp"
#include "tools/reputation_options.hpp"
#include "tools/store_option.hpp"
#include "verdicts/complaint_prune.hpp"
#include "verdicts/reputation_assessment.hpp"

namespace tecs {
namespace {

namespace po = boost::program_options;

std::uint64_t count(const ReputationComputation& computation, Reputation state) {
  const auto found = computation.states.find(state);
  return found == computation.states.end() ? 0 : found->second;
}

void print(const ReputationComputation& computation, Writing writing, const Environment& environment) {
  for (const ReputationChange& change : computation.changes) {
    environment.out << plain_text(change.domain) << ' ' << word(change.from) << ' ' << word(change.to)
                    << '\n';
  }
  environment.err << computation.assessed << " assessed: " << count(computation, Reputation::good)
                  << " good, " << count(computation, Reputation::medium) << " medium, "
                  << count(computation, Reputation::bad) << " bad, the others unknown; "
                  << computation.changes.size()
                  << (writing == Writing::no ? " would change\n" : " changed\n");
}

Writing read_writing(const OptionValues& given) {
  if (given["dry-run"].as<bool>()) return Writing::no;
  return given["force"].as<bool>() ? Writing::forced : Writing::yes;
}

Outcome<ExitCode> compute(const OptionValues& given, const Environment& environment) {
  const auto values = with_configuration(given);
  if (!values) return tl::unexpected(values.error());
  const auto rules = read_rules(*values);
  if (!rules) return tl::unexpected(rules.error());
  const Writing writing = read_writing(given);
  const auto database = open_database(*values, writing == Writing::no ? StoreUse::read : StoreUse::change);
  if (!database) return tl::unexpected(database.error());
  const auto now = std::chrono::floor<std::chrono::milliseconds>(environment.clock.now());
  const auto computation = compute_reputation(**database, *rules, now, writing);
  if (!computation) return failed(computation.error());
  if (computation->lost != 0) {
    return failed(ExitCode::data_error,
                  "the store has nothing to go by, and a table 'reputation' with " +
                      std::to_string(computation->lost) +
                      " domains that would be left with none: is it whole, and the right one? --force "
                      "empties the table all the same");
  }
  print(*computation, writing, environment);
  if (writing == Writing::no) return ExitCode::ok;
  const auto pruned = prune_complaints(**database, complaint_prune_options(now, oldest_evidence(*rules)));
  if (!pruned) return failed(pruned.error());
  if (*pruned != 0) environment.err << *pruned << " old complaints forgotten\n";
  return ExitCode::ok;
}

}  // namespace

ExitCode run_reputation_compute(Arguments arguments, const Environment& environment) {
  OptionTable table;
  add_configuration_options(table);
  auto add = table.add_options();
  add("dry-run", po::bool_switch(), "say what would change, and change nothing");
  add("force", po::bool_switch(), "empty the table even when the store has nothing to go by");
  add_rules_options(table);
  const ProgramText text{
      .name = "tecs reputation compute",
      .usage =
          "[--configuration FILE] [--store STORE] [--dry-run] [--force]\n"
          "                               [OPTIONS OF THE FORMULA]",
      .description =
          "Decides what each signing domain, and each organizational domain, is worth: good, medium, bad\n"
          "or unknown. It goes by the verdicts and the complaints in the store, and by what was set by "
          "hand.\nWrites the result into the store's table 'reputation' in one step, where 'tecs-milter' "
          "with\n'reputation = store' reads it, and prints a line for each domain that changed: the domain, "
          "what\nit was, what it is now. Forgets complaints that were not counted after 30 days, and the "
          "others "
          "when\nthey weigh nothing any more, after two years at least.",
      .examples =
          "tecs reputation compute\n"
          "tecs reputation compute --dry-run --bad-rate 0.02\n"
          "tecs reputation compute --store postgresql://tecs@db.example.net/tecs"};
  return run_subcommand({text, table, compute}, arguments, environment);
}

}  // namespace tecs
