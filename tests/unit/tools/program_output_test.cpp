#include "tools/program_output.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tecs {
namespace {

using testing::HasSubstr;

TEST(ProgramOutput, KeepsWhatIsPrintedAndTheExitCode) {
  const auto output = run_program({"sh", "-c", "echo told; echo complained >&2; exit 3"});
  ASSERT_TRUE(output);
  EXPECT_EQ(output->out, "told\n");
  EXPECT_EQ(output->err, "complained\n");
  EXPECT_EQ(output->exit_code, 3);
}

TEST(ProgramOutput, ArgumentsAreNoShellText) {
  const auto output = run_program({"printf", "%s|", "$HOME; exit", "a b", ""});
  ASSERT_TRUE(output);
  EXPECT_EQ(output->out, "$HOME; exit|a b||");
}

TEST(ProgramOutput, GivesNothingToRead) {
  const auto output = run_program({"cat"});
  ASSERT_TRUE(output);
  EXPECT_EQ(output->out, "");
  EXPECT_EQ(output->exit_code, 0);
}

TEST(ProgramOutput, TakesMoreThanAPipeHolds) {
  const auto output = run_program({"sh", "-c", "head -c 300000 /dev/zero >&2; head -c 300000 /dev/zero"});
  ASSERT_TRUE(output);
  EXPECT_EQ(output->out.size(), 300000U);
  EXPECT_EQ(output->err.size(), 300000U);
}

TEST(ProgramOutput, TellsASignal) {
  const auto output = run_program({"sh", "-c", "kill -TERM $$"});
  ASSERT_TRUE(output);
  EXPECT_EQ(output->exit_code, 128 + 15);
}

TEST(ProgramOutput, FindsWhatLiesInSbin) {
  const auto output = run_program({"env", "PATH=/usr/bin:/bin", "postconf", "-h", "-d", "mail_name"});
  ASSERT_TRUE(output);
  const auto direct = run_program({"postconf", "-h", "-d", "mail_name"});
  ASSERT_TRUE(direct);
  EXPECT_EQ(direct->out, "Postfix\n");
}

TEST(ProgramOutput, TellsThatThereIsNoSuchProgram) {
  for (const char* program : {"no-such-program", "/no/such/program"}) {
    const auto output = run_program({program});
    ASSERT_TRUE(output);
    EXPECT_EQ(output->exit_code, program_not_found);
    EXPECT_EQ(output->err, std::string(program) + ": No such file or directory");
  }
}

TEST(ProgramOutput, TakesTheRulesOfAFirewallWithManyAddresses) {
  const auto output = run_program({"head", "-c", "20000000", "/dev/zero"});
  ASSERT_TRUE(output);
  EXPECT_EQ(output->out.size(), 20'000'000U);
}

TEST(ProgramOutput, HasLimits) {
  struct Row {
    std::string name;
    std::vector<std::string> command;
    ProgramLimits limits;
    std::string want;
  };
  for (const Row& row : {
           Row{"too much", {"cat", "/dev/zero"}, {.octets = 100'000}, "cat: printed too much"},
           Row{"too much of complaints",
               {"sh", "-c", "cat /dev/zero >&2"},
               {.octets = 100'000},
               "printed too much"},
           Row{"too long",
               {"sleep", "600"},
               {.time = std::chrono::milliseconds(30)},
               "sleep: did not end in time"},
           Row{"not a program", {"/etc/passwd"}, {}, "/etc/passwd: Permission denied"},
       }) {
    SCOPED_TRACE(row.name);
    const auto output = run_program(row.command, row.limits);
    ASSERT_FALSE(output);
    EXPECT_EQ(output.error().reason, Reason::io_error);
    EXPECT_THAT(output.error().sentence, HasSubstr(row.want));
  }
}

}  // namespace
}  // namespace tecs
