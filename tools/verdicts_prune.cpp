#include "tools/verdicts_prune.hpp"

#include <boost/program_options/value_semantic.hpp>
#include <chrono>
#include <ostream>
#include <string>

#include "program/option_value.hpp"
#include "tools/progress.hpp"
#include "tools/store_option.hpp"
#include "verdicts/verdict_fields.hpp"
#include "verdicts/verdict_prune.hpp"

namespace tecs {
namespace {

namespace po = boost::program_options;

// A day at least: less is a mistyped age, and what is gone is gone.
using Age = Duration<24U * 60 * 60 * 1000, 36'500UL * 24 * 60 * 60>;

std::string counted(std::uint64_t number, const char* thing) {
  return std::to_string(number) + " " + thing + (number == 1 ? "" : "s");
}

std::string counts_text(const PruneCounts& counts) {
  std::string text = counted(counts.verdicts, "verdict") + ", " +
                     counted(counts.hours + counts.distributions, "hourly count") + ", " +
                     counted(counts.days, "daily count");
  if (counts.months != 0) text += ", " + counted(counts.months, "monthly count");
  if (counts.names != 0) text += ", the " + counted(counts.names, "name") + " of domains that never passed";
  if (counts.domains != 0) text += ", " + counted(counts.domains, "known domain");
  return text;
}

// Told each time: when the receiver does not forward any more, they keep everything for ever.
void print_waiting(const WaitingVerdicts& waiting, Verdict::Time before, std::ostream& out) {
  if (waiting.count == 0) return;
  out << "still to be forwarded: " << counted(waiting.count, "verdict");
  if (waiting.oldest && *waiting.oldest < before)
    out << "; all from the hour of the oldest on is kept, " << encode_field(*waiting.oldest);
  out << '\n';
}

// Returns false when it was interrupted.
Expected<bool> prune_verdicts_of(SqlDatabase& database, const PruneOptions& options,
                                 const Environment& environment) {
  Progress progress(environment);
  auto last = environment.clock.steady();
  bool stopped = false;
  const auto pruned = prune(database, options, [&](const PruneCounts& counts) {
    progress.show(counts_text(counts));
    // As long as the transaction took, others get the store.
    const auto took = std::chrono::ceil<std::chrono::milliseconds>(environment.clock.steady() - last);
    stopped = !environment.pause(took);
    last = environment.clock.steady();
    return !stopped;
  });
  progress.clear();
  if (!pruned) return tl::unexpected(pruned.error());
  environment.out << "deleted: " << counts_text(pruned->gone) << '\n';
  print_waiting(pruned->waiting, options.before, environment.out);
  return !stopped;
}

Expected<void> forget_queue(SqlDatabase& database, std::ostream& out) {
  return forget_waiting_verdicts(database).map([&](std::uint64_t count) {
    out << "not to be forwarded any more: " << counted(count, "verdict") << '\n';
  });
}

Outcome<ExitCode> prune_verdicts(const OptionValues& values, const Environment& environment) {
  const auto age = get_optional<Age>(values, "older-than");
  const auto daily_age = get_optional<Age>(values, "daily-older-than");
  const bool forget = values["forget-queue"].as<bool>();
  const bool migrate = values["migrate"].as<bool>();
  if (!age && (daily_age || (!forget && !migrate)))
    return failed(ExitCode::usage, "the option '--older-than' is required but missing");
  const auto database = open_database(values, migrate ? StoreUse::migrate : StoreUse::change);
  if (!database) return tl::unexpected(database.error());

  if (migrate) environment.out << "the store has the tables of this version\n";
  if (forget) {
    const auto forgotten = forget_queue(**database, environment.out);
    if (!forgotten) return failed(forgotten.error());
  }
  if (!age) return ExitCode::ok;
  const auto now = std::chrono::floor<std::chrono::milliseconds>(environment.clock.now());
  PruneOptions options{.before = now - age->value};
  if (daily_age) options.daily_before = now - daily_age->value;
  const auto whole = prune_verdicts_of(**database, options, environment);
  if (!whole) return failed(whole.error());
  if (*whole) return ExitCode::ok;
  return failed(ExitCode::temporary, "interrupted: the next time goes on from here");
}

}  // namespace

ExitCode run_verdicts_prune(Arguments arguments, const Environment& environment) {
  OptionTable table;
  table.add_options()("older-than", value_of<Age>("AGE"),
                      "delete verdicts and hourly counts that are older, such as 90d; a day at least");
  table.add_options()(
      "daily-older-than", value_of<Age>("AGE"),
      "delete daily and monthly counts, and known domains that last passed, that long ago (default: none)");
  table.add_options()("forget-queue", po::bool_switch(),
                      "forward nothing of what still waits; for a receiver whose 'forward' was taken out");
  table.add_options()("migrate", po::bool_switch(),
                      "bring a store of an older version up to date; no older tecs-milter may be running");
  add_store_option(table);
  const ProgramText text{
      .name = "tecs verdicts prune",
      .usage =
          "--older-than AGE [--daily-older-than AGE] [--forget-queue]\n"
          "                           [--migrate] [--store STORE]",
      .description =
          "Deletes verdicts that are older than so much, rounded down to the hour, and the counts by hour\n"
          "of the same time. Counts by day and month stay, from which reputation is computed, and so does\n"
          "which domain passed when for the first time, unless --daily-older-than says otherwise; of "
          "domains\n"
          "that never passed only the counts stay, without their names, which anybody can make up. What a\n"
          "receiver has still to forward stays, with all that is newer, until it is forwarded or\n"
          "--forget-queue gives it up. It works in small steps, beside a running tecs-milter; interrupted,\n"
          "it ends with 75. An SQLite file keeps its size, and fills the room again.\n"
          "--migrate brings a store of an older version up to date, as a new tecs-milter does when it "
          "starts.\n"
          "One that has no counts yet is counted through, some ten seconds for each million verdicts; the\n"
          "counts of others are added up by month, some seconds for ten million. Stop the older tecs-milter\n"
          "first: what it writes after that is lost, or in no count.",
      .examples =
          "tecs verdicts prune --older-than 90d\n"
          "tecs verdicts prune --older-than 30d --daily-older-than 730d --store sqlite:all.db\n"
          "tecs verdicts prune --forget-queue"};
  return run_subcommand({text, table, prune_verdicts}, arguments, environment);
}

}  // namespace tecs
