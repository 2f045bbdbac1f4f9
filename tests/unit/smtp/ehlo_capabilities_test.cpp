#include "smtp/ehlo_capabilities.hpp"

#include <gtest/gtest.h>

namespace tecs {
namespace {

struct Row {
  const char* name;
  std::vector<std::string> lines;  // behind the greeting
  bool want_starttls;
  bool want_tecs;
  std::vector<std::string> want_open;   // shown while the MTA may log in
  std::vector<std::string> want_taken;  // shown once the login is taken
};

class Capabilities : public testing::TestWithParam<Row> {
 protected:
  static std::vector<std::string> with_greeting(const std::vector<std::string>& lines) {
    std::vector<std::string> all{"mx.example.com at your service"};
    all.insert(all.end(), lines.begin(), lines.end());
    return all;
  }

  static std::string octets_of_reply(const std::vector<std::string>& lines) {
    const std::vector<std::string> all = with_greeting(lines);
    std::string octets;
    for (const std::string& line : all) octets += (&line == &all.back() ? "250 " : "250-") + line + "\r\n";
    return octets;
  }

  const EhloCapabilities capabilities_{SmtpReply{250, with_greeting(GetParam().lines), {}}};
};

TEST_P(Capabilities, are_found) {
  EXPECT_EQ(capabilities_.starttls(), GetParam().want_starttls);
  EXPECT_EQ(capabilities_.mechanism("TECS-1"), GetParam().want_tecs);
}

TEST_P(Capabilities, are_shown_to_the_mta) {
  EXPECT_EQ(capabilities_.shown(EhloCapabilities::Login::open).format(),
            octets_of_reply(GetParam().want_open));
  EXPECT_EQ(capabilities_.shown(EhloCapabilities::Login::taken).format(),
            octets_of_reply(GetParam().want_taken));
}

INSTANTIATE_TEST_SUITE_P(
    Rows, Capabilities,
    testing::Values(
        Row{"none", {}, false, false, {}, {}},
        Row{"others",
            {"SIZE 1000", "PIPELINING"},
            false,
            false,
            {"SIZE 1000", "PIPELINING"},
            {"SIZE 1000", "PIPELINING"}},
        Row{"starttls", {"STARTTLS", "DSN"}, true, false, {"DSN"}, {"DSN"}},
        Row{"starttls_any_case", {"StartTls"}, true, false, {}, {}},
        Row{"starttls_with_argument", {"STARTTLS now"}, true, false, {}, {}},
        Row{"starttls_lookalike",
            {"XSTARTTLS", "STARTTLSX"},
            false,
            false,
            {"XSTARTTLS", "STARTTLSX"},
            {"XSTARTTLS", "STARTTLSX"}},
        Row{"only_tecs", {"AUTH TECS-1"}, false, true, {}, {}},
        Row{"tecs_first", {"AUTH TECS-1 PLAIN LOGIN"}, false, true, {"AUTH PLAIN LOGIN"}, {}},
        Row{"tecs_last", {"AUTH PLAIN TECS-1"}, false, true, {"AUTH PLAIN"}, {}},
        Row{"tecs_any_case", {"auth plain Tecs-1"}, false, true, {"auth plain"}, {}},
        Row{"tecs_twice", {"AUTH TECS-1 TECS-1"}, false, true, {}, {}},
        Row{"tecs_between_blanks", {"AUTH  PLAIN \tTECS-1  "}, false, true, {"AUTH PLAIN"}, {}},
        Row{"tecs_lookalike", {"AUTH TECS-11 XTECS-1"}, false, false, {"AUTH TECS-11 XTECS-1"}, {}},
        Row{"auth_without_tecs_to_the_octet",
            {"AUTH  PLAIN  LOGIN "},
            false,
            false,
            {"AUTH  PLAIN  LOGIN "},
            {}},
        Row{"old_form", {"AUTH=PLAIN TECS-1"}, false, true, {"AUTH=PLAIN"}, {}},
        Row{"old_form_only_tecs", {"AUTH=TECS-1"}, false, true, {}, {}},
        Row{"both_forms", {"AUTH TECS-1 LOGIN", "AUTH=LOGIN"}, false, true, {"AUTH LOGIN", "AUTH=LOGIN"}, {}},
        Row{"two_auth_lines", {"AUTH PLAIN", "AUTH TECS-1"}, false, true, {"AUTH PLAIN"}, {}},
        Row{"auth_lookalike",
            {"AUTHX TECS-1", "AUT"},
            false,
            false,
            {"AUTHX TECS-1", "AUT"},
            {"AUTHX TECS-1", "AUT"}},
        Row{"empty_line", {"", "STARTTLS"}, true, false, {""}, {""}}),
    [](const auto& row) { return row.param.name; });

TEST(EhloCapabilities, the_greeting_is_no_capability) {
  const EhloCapabilities capabilities(SmtpReply{250, {"STARTTLS"}, {}});
  EXPECT_FALSE(capabilities.starttls());
  EXPECT_EQ(capabilities.shown(EhloCapabilities::Login::open).format(), "250 STARTTLS\r\n");
}

}  // namespace
}  // namespace tecs
