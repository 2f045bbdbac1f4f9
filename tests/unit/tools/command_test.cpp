#include "tools/command.hpp"

#include "unit/tools/command_run.hpp"

namespace tecs {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::StartsWith;

using Command = CommandTest;

const std::vector<std::string> plain_subcommands{"keygen", "record",  "lookup", "sign",
                                                 "verify", "explain", "probe"};
const std::vector<std::string> all_subcommands{"keygen",   "record",     "lookup",  "sign",  "verify",
                                               "verdicts", "reputation", "explain", "probe", "check"};

TEST_F(Command, HelpListsEverySubcommand) {
  for (const std::string word : {"help", "--help", "-h"}) {
    const Ran ran = run({word});
    EXPECT_EQ(ran.code, ExitCode::ok);
    EXPECT_EQ(ran.err, "");
    EXPECT_THAT(ran.out, StartsWith("Usage: tecs SUBCOMMAND [OPTIONS]\n"));
    for (const std::string& name : all_subcommands) EXPECT_THAT(ran.out, HasSubstr("\n  " + name + " "));
  }
}

TEST_F(Command, EverySubcommandHasHelpWithExamples) {
  for (const std::string& name : plain_subcommands) {
    SCOPED_TRACE(name);
    const Ran ran = run({name, "--help"});
    EXPECT_EQ(ran.code, ExitCode::ok);
    EXPECT_EQ(ran.err, "");
    EXPECT_THAT(ran.out, StartsWith("Usage: tecs " + name + " "));
    EXPECT_THAT(ran.out, HasSubstr("\nOptions:\n"));
    EXPECT_THAT(ran.out, HasSubstr("\nExamples:\n  tecs " + name + " "));
    EXPECT_EQ(run({"help", name}).out, ran.out);
  }
}

TEST_F(Command, ATableOfSubcommandsHasThemInItsHelp) {
  for (const std::string name : {"verdicts", "reputation"}) {
    SCOPED_TRACE(name);
    const Ran ran = run({name, "--help"});
    EXPECT_EQ(ran.code, ExitCode::ok);
    EXPECT_THAT(ran.out, StartsWith("Usage: tecs " + name + " "));
    EXPECT_THAT(ran.out, HasSubstr("\nSubcommands:\n"));
    EXPECT_EQ(run({"help", name}).out, ran.out);
  }
}

TEST_F(Command, HelpFitsIntoAHundredColumns) {
  for (const std::string& name : all_subcommands) {
    std::istringstream lines(run({name, "--help"}).out);
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 100U) << line;
  }
}

TEST_F(Command, PrintsTheVersion) {
  const Ran ran = run({"--version"});
  EXPECT_EQ(ran.code, ExitCode::ok);
  EXPECT_THAT(ran.out, MatchesRegex("tecs [0-9]+\\.[0-9]+\\.[0-9]+\n"));
}

TEST_F(Command, NothingStandsBehindTheVersion) {
  const Ran ran = run({"--version", "sign"});
  EXPECT_EQ(ran.code, ExitCode::usage);
  EXPECT_EQ(ran.out, "");
  EXPECT_EQ(ran.err, "tecs: --version stands alone\n");
}

TEST_F(Command, RefusesWhatItDoesNotKnow) {
  struct Row {
    std::string name;
    std::vector<std::string> arguments;
    std::string want;
  };
  for (const Row& row : {
           Row{"nothing", {}, "tecs: a subcommand is missing\n"},
           Row{"unknown", {"frobnicate"}, "tecs: there is no such subcommand\n"},
           Row{"empty", {""}, "tecs: there is no such subcommand\n"},
           Row{"abbreviated", {"key"}, "tecs: there is no such subcommand\n"},
           Row{"help for the unknown", {"help", "frobnicate"}, "tecs: there is no such subcommand\n"},
           Row{"help for two", {"help", "sign", "verify"}, "tecs: help takes the name of one subcommand\n"},
           Row{"option before the subcommand", {"--help", "sign"}, "tecs: --help stands alone\n"},
       }) {
    SCOPED_TRACE(row.name);
    const Ran ran = run(row.arguments);
    EXPECT_EQ(ran.code, ExitCode::usage);
    EXPECT_EQ(ran.out, "");
    EXPECT_THAT(ran.err, StartsWith(row.want));
    for (const std::string& name : all_subcommands) EXPECT_THAT(ran.err, HasSubstr("\n  " + name + " "));
  }
}

TEST_F(Command, SaysWhenTheOutputCannotBeWritten) {
  std::ofstream full("/dev/full");
  std::ostringstream err;
  std::istringstream none;
  const Environment environment{.clock = clock_, .out = full, .err = err, .in = none, .open_dns = {}};
  const char* const argument = "--version";
  EXPECT_EQ(run_command({&argument, 1}, environment), ExitCode::io_error);
  EXPECT_EQ(err.str(), "tecs: the output cannot be written\n");
}

}  // namespace
}  // namespace tecs
