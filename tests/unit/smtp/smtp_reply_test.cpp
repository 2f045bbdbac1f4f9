#include "smtp/smtp_reply.hpp"

#include <gtest/gtest.h>

namespace tecs {
namespace {

std::string repeated(const std::string& text, std::size_t times) {
  std::string result;
  while (times-- > 0) result += text;
  return result;
}

struct GoodRow {
  const char* name;
  std::string octets;
  int want_code;
  std::vector<std::string> want_lines;
};

class GoodReply : public testing::TestWithParam<GoodRow> {};

TEST_P(GoodReply, is_read_whole_and_octet_by_octet) {
  for (const std::size_t piece : {GetParam().octets.size(), std::size_t{1}}) {
    SmtpReplyReader reader;
    for (std::size_t at = 0; at < GetParam().octets.size(); at += piece) {
      const auto early = reader.next();
      ASSERT_TRUE(early);
      ASSERT_FALSE(*early);
      reader.append(std::string_view(GetParam().octets).substr(at, piece));
    }
    const auto reply = reader.next();
    ASSERT_TRUE(reply) << reply.error().sentence;
    ASSERT_TRUE(*reply);
    EXPECT_EQ((*reply)->code, GetParam().want_code);
    EXPECT_EQ((*reply)->lines, GetParam().want_lines);
    EXPECT_EQ((*reply)->octets, GetParam().octets);
    EXPECT_EQ(reader.take_rest(), "");
  }
}

INSTANTIATE_TEST_SUITE_P(
    Rows, GoodReply,
    testing::Values(GoodRow{"one_line", "220 mx ESMTP\r\n", 220, {"mx ESMTP"}},
                    GoodRow{
                        "three_lines", "250-mx\r\n250-SIZE 1\r\n250 HELP\r\n", 250, {"mx", "SIZE 1", "HELP"}},
                    GoodRow{"no_text", "250 \r\n", 250, {""}}, GoodRow{"no_space", "250\r\n", 250, {""}},
                    GoodRow{"no_text_in_the_middle", "250-\r\n250 x\r\n", 250, {"", "x"}},
                    GoodRow{"highest_code", "599 ?\r\n", 599, {"?"}},
                    GoodRow{"eight_bit", "220 caf\xc3\xa9\r\n", 220, {"caf\xc3\xa9"}},
                    GoodRow{"most_lines", repeated("250-x\r\n", 127) + "250 y\r\n", 250,
                            [] {
                              std::vector<std::string> lines(127, "x");
                              lines.emplace_back("y");
                              return lines;
                            }()}),
    [](const auto& row) { return row.param.name; });

struct BadRow {
  const char* name;
  std::string octets;
  std::string want_in_sentence;
};

class BadReply : public testing::TestWithParam<BadRow> {};

TEST_P(BadReply, is_refused) {
  SmtpReplyReader reader;
  reader.append(GetParam().octets);
  const auto reply = reader.next();
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().reason, Reason::protocol_error);
  EXPECT_NE(reply.error().sentence.find(GetParam().want_in_sentence), std::string::npos)
      << reply.error().sentence;
}

INSTANTIATE_TEST_SUITE_P(
    Rows, BadReply,
    testing::Values(BadRow{"empty_line", "\r\n", "not an SMTP reply"},
                    BadRow{"two_digits", "25\r\n", "not an SMTP reply"},
                    BadRow{"four_digits", "2500 x\r\n", "not an SMTP reply"},
                    BadRow{"letters", "2x0 x\r\n", "not an SMTP reply"},
                    BadRow{"code_too_low", "150 x\r\n", "not an SMTP reply"},
                    BadRow{"code_too_high", "600 x\r\n", "not an SMTP reply"},
                    BadRow{"tab_for_space", "250\tx\r\n", "not an SMTP reply"},
                    BadRow{"sign", "-25 x\r\n", "not an SMTP reply"},
                    BadRow{"space_ahead", " 250 x\r\n", "not an SMTP reply"},
                    BadRow{"mixed_codes", "250-x\r\n251 y\r\n", "different codes"},
                    BadRow{"escapes_are_not_printed", "\x1b[2J\r\n", "\\x1B[2J"},
                    BadRow{"bare_lf", "250 x\n", "bare LF"},
                    BadRow{"too_many_lines", repeated("250-x\r\n", 129), "more than 128 lines"},
                    BadRow{"too_long_a_line", "250 " + std::string(2048, 'x'), "longer than 2048"}),
    [](const auto& row) { return row.param.name; });

TEST(SmtpReplyReader, gives_replies_one_by_one_and_then_the_rest) {
  SmtpReplyReader reader;
  reader.append("220 a\r\n250-b\r\n250 c\r\n354 d");
  EXPECT_EQ(reader.next().value()->code, 220);
  EXPECT_EQ(reader.next().value()->octets, "250-b\r\n250 c\r\n");
  EXPECT_EQ(reader.take_rest(), "354 d");
}

TEST(SmtpReplyReader, forgets_a_reply_that_has_begun) {
  SmtpReplyReader reader;
  reader.append("250-evil\r\n25");
  ASSERT_FALSE(reader.next().value());
  EXPECT_EQ(reader.discard(), 2U);
  reader.append("220 good\r\n");
  EXPECT_EQ(reader.next().value()->octets, "220 good\r\n");
}

TEST(SmtpReply, is_formatted_on_one_line_for_the_log) {
  EXPECT_EQ((SmtpReply{535, {"no \x07", "way"}, "535-no \x07\r\n535 way\r\n"}).format(), "535-no \\x07");
  EXPECT_EQ(
      (SmtpReply{250, {std::string(500, 'x')}, "250 " + std::string(500, 'x') + "\r\n"}).format().size(),
      203U);
}

}  // namespace
}  // namespace tecs
