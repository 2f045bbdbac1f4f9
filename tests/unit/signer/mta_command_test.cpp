#include "signer/mta_command.hpp"

#include <gtest/gtest.h>

#include <string>

namespace tecs::test {
namespace {

struct CommandRow {
  const char* name;
  std::string line;
  MtaCommand want;
};

class Command : public testing::TestWithParam<CommandRow> {};

TEST_P(Command, means_one_thing) {
  EXPECT_EQ(mta_command(GetParam().line), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(Rows, Command,
                         testing::Values(CommandRow{"ehlo", "ehlo me", MtaCommand::hello},
                                         CommandRow{"helo", "HELO", MtaCommand::hello},
                                         CommandRow{"quit", "quit", MtaCommand::quit},
                                         CommandRow{"noop", "NOOP x", MtaCommand::changes_nothing},
                                         CommandRow{"mail", "Mail FROM:<>", MtaCommand::mail},
                                         CommandRow{"mail_with_a_tab", "MAIL\tFROM:<>", MtaCommand::mail},
                                         CommandRow{"auth", "AUTH PLAIN", MtaCommand::login},
                                         CommandRow{"bdat", "BDAT 1", MtaCommand::chunk},
                                         CommandRow{"data", "DATA", MtaCommand::out_of_place},
                                         CommandRow{"starttls", "STARTTLS", MtaCommand::out_of_place},
                                         CommandRow{"of_rfc_821", "SEND FROM:<>", MtaCommand::out_of_place},
                                         CommandRow{"unknown", "X-9 y", MtaCommand::other},
                                         CommandRow{"blank_first", " MAIL FROM:<>", MtaCommand::unreadable},
                                         CommandRow{"empty", "", MtaCommand::unreadable},
                                         CommandRow{"vertical_tab", "MAIL\vFROM:<>", MtaCommand::unreadable},
                                         CommandRow{"colon", "MAIL:FROM:<>", MtaCommand::unreadable},
                                         CommandRow{"eight_bit", "M\xc3\x84IL FROM:<>",
                                                    MtaCommand::unreadable}),
                         [](const auto& row) { return row.param.name; });

// RFC 4954 section 4.
TEST(SizeOfCommand, is_larger_for_auth_only) {
  for (const char* const begin : {"AUTH ", "auth XOAUTH2 dX", "Auth\tPLAIN"}) {
    EXPECT_EQ(maximum_size_of_command(begin), 12'288U) << begin;
  }
  for (const char* const begin : {"", "AUT", "AUTHX", " AUTH PLAIN", "MAIL FROM:<>\r\nAUTH PLAIN"}) {
    EXPECT_EQ(maximum_size_of_command(begin), 2048U) << begin;
  }
}

}  // namespace
}  // namespace tecs::test
