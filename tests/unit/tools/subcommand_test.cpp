#include "tools/subcommand.hpp"

#include <boost/program_options/value_semantic.hpp>

#include "unit/tools/command_run.hpp"

namespace tecs {
namespace {

using SubcommandFrame = CommandTest;

Outcome<ExitCode> fail_as_told(const OptionValues& values, const Environment& environment) {
  environment.out << "asked\n";
  if (values["answer"].as<std::string>() == "no") return ExitCode::failed;
  return failed(Error{Reason::bad_endpoint, "no port"}, "--answer");
}

Ran run_frame(const std::vector<const char*>& arguments, const Clock& clock) {
  OptionTable table;
  table.add_options()("answer", boost::program_options::value<std::string>()->required(), "yes or no");
  std::ostringstream out;
  std::ostringstream err;
  std::istringstream none;
  const Environment environment{.clock = clock, .out = out, .err = err, .in = none, .open_dns = {}};
  const ProgramText text{
      .name = "tecs ask", .usage = "--answer WORD", .description = "Asks.", .examples = ""};
  const ExitCode code = run_subcommand({text, table, fail_as_told}, arguments, environment);
  return {code, out.str(), err.str()};
}

TEST_F(SubcommandFrame, AnAnswerOfNoIsNoFailure) {
  const Ran ran = run_frame({"--answer", "no"}, clock_);
  EXPECT_EQ(ran.code, ExitCode::failed);
  EXPECT_EQ(ran.out, "asked\n");
  EXPECT_EQ(ran.err, "");
}

TEST_F(SubcommandFrame, AFailureIsSaidOnceAndNamesTheOption) {
  const Ran ran = run_frame({"--answer", "yes"}, clock_);
  EXPECT_EQ(ran.code, ExitCode::usage);
  EXPECT_EQ(ran.err, "tecs ask: --answer: no port\nTry 'tecs ask --help'.\n");
}

TEST_F(SubcommandFrame, WithoutItsOptionsTheBodyIsNotRun) {
  const Ran ran = run_frame({}, clock_);
  EXPECT_EQ(ran.code, ExitCode::usage);
  EXPECT_EQ(ran.out, "");
  EXPECT_EQ(ran.err, "tecs ask: the option '--answer' is required but missing\nTry 'tecs ask --help'.\n");
}

TEST_F(SubcommandFrame, HelpDoesNotRunTheBody) {
  const Ran ran = run_frame({"--help"}, clock_);
  EXPECT_EQ(ran.code, ExitCode::ok);
  EXPECT_THAT(ran.out, testing::StartsWith("Usage: tecs ask --answer WORD\n"));
}

TEST(Failure, ItsCodeFollowsFromTheReason) {
  struct Row {
    Reason reason;
    ExitCode want;
  };
  for (const Row& row :
       {Row{Reason::bad_option, ExitCode::usage}, Row{Reason::bad_domain, ExitCode::usage},
        Row{Reason::bad_selector, ExitCode::usage}, Row{Reason::family_mismatch, ExitCode::usage},
        Row{Reason::bad_key_file, ExitCode::data_error}, Row{Reason::bad_zone_file, ExitCode::data_error},
        Row{Reason::dns_timeout, ExitCode::temporary}, Row{Reason::dns_error, ExitCode::temporary},
        Row{Reason::io_error, ExitCode::io_error}}) {
    EXPECT_EQ(failed(Error{row.reason, "x"}).value().code, row.want) << word(row.reason);
  }
}

}  // namespace
}  // namespace tecs
