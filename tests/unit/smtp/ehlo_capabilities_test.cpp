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
        Row{"pipeconnect",
            {"PIPECONNECT", "x_pipe_connect", "X_PIPE_CONNECTS", "PIPELINING"},
            false,
            false,
            {"X_PIPE_CONNECTS", "PIPELINING"},
            {"X_PIPE_CONNECTS", "PIPELINING"}},
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

EhloCapabilities of_lines(std::vector<std::string> lines) {
  lines.insert(lines.begin(), "mx.example.com");
  return EhloCapabilities(SmtpReply{250, std::move(lines), {}});
}

TEST(EhloCapabilities, hide_what_does_not_go_together_with_several_parties) {
  const EhloCapabilities capabilities =
      of_lines({"XCLIENT ADDR", "SIZE 1", "prdr", "xforward NAME", "XCLIENTS", "PRDRS", "AUTH PLAIN"});
  EXPECT_EQ(capabilities.shown(EhloCapabilities::Login::taken, EhloCapabilities::Forwarding::hidden).format(),
            "250-mx.example.com\r\n250-SIZE 1\r\n250-XCLIENTS\r\n250 PRDRS\r\n");
  EXPECT_EQ(capabilities.shown(EhloCapabilities::Login::taken).format(),
            "250-mx.example.com\r\n250-XCLIENT ADDR\r\n250-SIZE 1\r\n250-prdr\r\n250-xforward NAME\r\n"
            "250-XCLIENTS\r\n250 PRDRS\r\n");
  EXPECT_EQ(capabilities.greeting_alone().format(), "250 mx.example.com\r\n");
}

TEST(EhloCapabilities, withdraw_one_mechanism_and_nothing_else) {
  EhloCapabilities capabilities =
      of_lines({"STARTTLS", "AUTH PLAIN TECS-1", "AUTH=tecs-1", "AUTH  A  B", "X"});
  capabilities.withdraw_tecs();
  EXPECT_FALSE(capabilities.mechanism("TECS-1"));
  EXPECT_TRUE(capabilities.starttls());
  EXPECT_EQ(capabilities.format(),
            "250-mx.example.com\r\n250-STARTTLS\r\n250-AUTH PLAIN\r\n250-AUTH  A  B\r\n250 X\r\n");
}

struct LackRow {
  const char* name;
  std::vector<std::string> told;
  std::vector<std::string> now;
  std::optional<std::string> want;
};

class Lack : public testing::TestWithParam<LackRow> {};

TEST_P(Lack, of_what_was_promised_is_seen) {
  EXPECT_EQ(of_lines(GetParam().now).lacks(of_lines(GetParam().told)), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, Lack,
    testing::Values(LackRow{"nothing_told", {}, {"SIZE 1"}, std::nullopt},
                    LackRow{"same", {"SIZE 1000", "DSN"}, {"DSN", "SIZE 1000"}, std::nullopt},
                    LackRow{"any_case", {"dsn"}, {"DSN"}, std::nullopt},
                    LackRow{"parameters", {"X-A b"}, {"X-A c"}, std::nullopt},
                    LackRow{"keyword", {"DSN", "CHUNKING"}, {"DSN"}, "CHUNKING"},
                    LackRow{"lookalike", {"DSN"}, {"DSNX"}, "DSN"},
                    LackRow{"not_printable", {"D\x01N"}, {"DSN"}, "D\\x01N"},
                    LackRow{"login", {"AUTH PLAIN", "AUTH=PLAIN"}, {}, std::nullopt},
                    LackRow{"size_gone", {"SIZE 1000"}, {}, "SIZE"},
                    LackRow{"size_smaller", {"SIZE 1000"}, {"SIZE 999"}, "SIZE 1000"},
                    LackRow{"size_larger", {"SIZE 1000"}, {"size 1001"}, std::nullopt},
                    LackRow{"size_without_number", {"SIZE 1000"}, {"SIZE"}, std::nullopt},
                    LackRow{"size_zero_is_no_limit", {"SIZE 1000"}, {"SIZE 0"}, std::nullopt},
                    LackRow{"size_limited_now", {"SIZE"}, {"SIZE 1000000"}, "SIZE"},
                    LackRow{"size_limited_now_from_zero", {"SIZE 0"}, {"SIZE 1000000"}, "SIZE 0"},
                    LackRow{"size_beyond_numbers",
                            {"SIZE 99999999999999999999999"},
                            {"SIZE 1"},
                            "SIZE 99999999999999999999999"},
                    LackRow{
                        "size_smaller_beside_another", {"SIZE 1000"}, {"SIZES 5", "SIZE 10"}, "SIZE 1000"}),
    [](const auto& row) { return row.param.name; });

TEST(EhloCapabilities, the_greeting_is_no_capability) {
  const EhloCapabilities capabilities(SmtpReply{250, {"STARTTLS"}, {}});
  EXPECT_FALSE(capabilities.starttls());
  EXPECT_EQ(capabilities.shown(EhloCapabilities::Login::open).format(), "250 STARTTLS\r\n");
}

}  // namespace
}  // namespace tecs
