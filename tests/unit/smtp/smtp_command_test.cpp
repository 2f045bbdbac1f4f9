#include "smtp/smtp_command.hpp"

#include <gtest/gtest.h>

namespace tecs {
namespace {

struct Row {
  const char* name;
  std::string line;
  std::string want_verb;
  std::string want_argument;
  bool want_changes_nothing;
};

class SmtpCommand : public testing::TestWithParam<Row> {};

TEST_P(SmtpCommand, is_understood) {
  const std::string verb = verb_of(GetParam().line);
  EXPECT_EQ(verb, GetParam().want_verb);
  EXPECT_EQ(argument_of(GetParam().line), GetParam().want_argument);
  EXPECT_EQ(changes_nothing(verb), GetParam().want_changes_nothing);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, SmtpCommand,
    testing::Values(
        Row{"ehlo", "ehLO Me.example.org", "EHLO", "Me.example.org", false},
        Row{"ehlo_alone", "EHLO", "EHLO", "", false}, Row{"ehlo_blank", "EHLO  ", "EHLO", "", false},
        Row{"ehlo_blanks", "EHLO \t me.example.org you", "EHLO", "me.example.org", false},
        Row{"not_ehlo", "EHLOX me", "EHLOX", "me", false}, Row{"noop", "noop", "NOOP", "", true},
        Row{"rset", "RSET", "RSET", "", true}, Row{"vrfy", "VRFY postmaster", "VRFY", "postmaster", true},
        Row{"expn", "EXPN list", "EXPN", "list", true}, Row{"help", "HELP", "HELP", "", true},
        Row{"mail", "MAIL FROM:<>", "MAIL", "FROM:<>", false}, Row{"data", "DATA", "DATA", "", false},
        Row{"tab", "MAIL\tFROM:<>", "MAIL", "FROM:<>", false}, Row{"empty", "", "", "", false},
        Row{"space_ahead", " NOOP", "", "NOOP", false},
        Row{"eight_bit", "\xc3\xa9hlo", "\xc3\xa9HLO", "", false}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace tecs
