#include "smtp/smtp_command.hpp"

#include <gtest/gtest.h>

namespace tecs {
namespace {

struct Row {
  const char* name;
  std::string line;
  std::string want_verb;
  bool want_changes_nothing;
};

class SmtpCommand : public testing::TestWithParam<Row> {};

TEST_P(SmtpCommand, is_understood) {
  const std::string verb = verb_of(GetParam().line);
  EXPECT_EQ(verb, GetParam().want_verb);
  EXPECT_EQ(changes_nothing(verb), GetParam().want_changes_nothing);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, SmtpCommand,
    testing::Values(Row{"ehlo", "ehLO me.example.org", "EHLO", false},
                    Row{"ehlo_alone", "EHLO", "EHLO", false}, Row{"not_ehlo", "EHLOX me", "EHLOX", false},
                    Row{"noop", "noop", "NOOP", true}, Row{"rset", "RSET", "RSET", true},
                    Row{"vrfy", "VRFY postmaster", "VRFY", true}, Row{"expn", "EXPN list", "EXPN", true},
                    Row{"help", "HELP", "HELP", true}, Row{"mail", "MAIL FROM:<>", "MAIL", false},
                    Row{"data", "DATA", "DATA", false}, Row{"empty", "", "", false},
                    Row{"space_ahead", " NOOP", "", false},
                    Row{"eight_bit", "\xc3\xa9hlo", "\xc3\xa9HLO", false}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace tecs
