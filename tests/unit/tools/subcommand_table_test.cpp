#include "tools/subcommand_table.hpp"

#include <array>

#include "unit/tools/command_run.hpp"

namespace tecs {
namespace {

using testing::StartsWith;

ExitCode print_arguments(const char* name, Arguments arguments, const Environment& environment) {
  environment.out << name;
  for (const char* const argument : arguments) environment.out << ' ' << argument;
  environment.out << '\n';
  return ExitCode::failed;
}
ExitCode run_walk(Arguments arguments, const Environment& environment) {
  return print_arguments("walk", arguments, environment);
}
ExitCode run_ride(Arguments arguments, const Environment& environment) {
  return print_arguments("ride", arguments, environment);
}
ExitCode run_nothing(Arguments arguments, const Environment& environment) {
  return print_arguments("no word", arguments, environment);
}

constexpr std::array<SubcommandEntry, 2> entries{{
    {"walk", run_walk, "go on foot"},
    {"ride-a-bus", run_ride, "go with others"},
}};
constexpr SubcommandTable word_required{
    .name = "tecs go", .description = "Goes somewhere.\nAnd back.", .entries = entries};
constexpr SubcommandTable word_optional{
    .name = "tecs go", .description = "Goes somewhere.", .entries = entries, .without_word = run_nothing};

Ran run_table(const SubcommandTable& table, const std::vector<const char*>& arguments) {
  const StoppedClock clock;
  std::ostringstream out;
  std::ostringstream err;
  std::istringstream in;
  const Environment environment{.clock = clock, .out = out, .err = err, .in = in, .open_dns = {}};
  const ExitCode code = run_subcommand_table(table, arguments, environment);
  return {code, out.str(), err.str()};
}

TEST(SubcommandTable, RunsTheEntryWithWhatFollowsItsName) {
  for (const SubcommandTable& table : {word_required, word_optional}) {
    EXPECT_EQ(run_table(table, {"walk"}).out, "walk\n");
    const Ran ran = run_table(table, {"ride-a-bus", "--far", "help", "-h"});
    EXPECT_EQ(ran.out, "ride --far help -h\n");
    EXPECT_EQ(ran.code, ExitCode::failed);
    EXPECT_EQ(ran.err, "");
  }
}

TEST(SubcommandTable, HelpListsTheEntriesInColumns) {
  for (const char* const word : {"help", "--help", "-h"}) {
    const Ran ran = run_table(word_required, {word});
    EXPECT_EQ(ran.code, ExitCode::ok);
    EXPECT_EQ(ran.err, "");
    EXPECT_EQ(ran.out,
              "Usage: tecs go SUBCOMMAND [OPTIONS]\n"
              "\n"
              "Goes somewhere.\n"
              "And back.\n"
              "\n"
              "Subcommands:\n"
              "  walk        go on foot\n"
              "  ride-a-bus  go with others\n"
              "\n"
              "'tecs go help SUBCOMMAND' says more.\n");
    EXPECT_THAT(run_table(word_optional, {word}).out, StartsWith("Usage: tecs go [SUBCOMMAND] [OPTIONS]\n"));
  }
}

TEST(SubcommandTable, HelpForAWordIsAskedOfItsEntry) {
  EXPECT_EQ(run_table(word_required, {"help", "walk"}).out, "walk --help\n");
}

TEST(SubcommandTable, AWordCanBeLeftOutWhereTheTableSaysSo) {
  EXPECT_EQ(run_table(word_optional, {}).out, "no word\n");
  EXPECT_EQ(run_table(word_optional, {"--far", "walk"}).out, "no word --far walk\n");
  EXPECT_EQ(run_table(word_optional, {"-n", "5", "--help"}).out, "no word -n 5 --help\n");
}

TEST(SubcommandTable, RefusesWhatItDoesNotKnow) {
  struct Row {
    std::string name;
    SubcommandTable table;
    std::vector<const char*> arguments;
    std::string want;
  };
  for (const Row& row : {
           Row{"nothing", word_required, {}, "tecs go: a subcommand is missing\n"},
           Row{"an option", word_required, {"--far"}, "tecs go: there is no such subcommand\n"},
           Row{"unknown", word_optional, {"fly"}, "tecs go: there is no such subcommand\n"},
           Row{"empty", word_optional, {""}, "tecs go: there is no such subcommand\n"},
           Row{"abbreviated", word_required, {"ride"}, "tecs go: there is no such subcommand\n"},
           Row{"help for the unknown",
               word_optional,
               {"help", "fly"},
               "tecs go: there is no such subcommand\n"},
           Row{"help for two",
               word_required,
               {"help", "walk", "walk"},
               "tecs go: help takes the name of one subcommand\n"},
           Row{"help and more", word_optional, {"--help", "walk"}, "tecs go: --help stands alone\n"},
           Row{"a terminal's codes", word_required, {"\x1b[2J"}, "tecs go: there is no such subcommand\n\n"},
       }) {
    SCOPED_TRACE(row.name);
    const Ran ran = run_table(row.table, row.arguments);
    EXPECT_EQ(ran.code, ExitCode::usage);
    EXPECT_EQ(ran.out, "");
    EXPECT_THAT(ran.err, StartsWith(row.want));
    EXPECT_THAT(ran.err, testing::HasSubstr("\nSubcommands:\n  walk "));
  }
}

}  // namespace
}  // namespace tecs
