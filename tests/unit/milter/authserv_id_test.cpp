#include "milter/authserv_id.hpp"

#include <gtest/gtest.h>

#include <string>

namespace tecs {
namespace {

TEST(AuthservId, TakesWhatNeedsNoQuotes) {
  for (const std::string& text :
       {std::string("mx.example.net"), std::string("MX-1_a"), std::string(253, 'a')}) {
    EXPECT_TRUE(AuthservId::parse(text)) << text;
  }
  for (const std::string& text : {std::string(), std::string(254, 'a'), std::string("mx example"),
                                  std::string("mx;"), std::string("\"mx\""), std::string("mx\n"),
                                  std::string("m\xc3\xbc"), std::string("a/b"), std::string("mx\0x", 4)}) {
    const auto parsed = AuthservId::parse(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().reason, Reason::bad_option);
  }
}

struct Field {
  const char* name;
  std::string body;
  const char* want;  // null: cannot be read
};

const Field fields[] = {
    {"Plain", "mx.example.net; tecs=pass smtp.auth=jgc.org", "mx.example.net"},
    {"NoResult", "mx.example.net; none", "mx.example.net"},
    {"NothingAfterIt", "mx.example.net", "mx.example.net"},
    {"SpaceBeforeSemicolon", "mx.example.net ;none", "mx.example.net"},
    {"OtherCase", "MX.Example.NET; none", "MX.Example.NET"},
    {"Version", "mx.example.net 1; none", "mx.example.net"},
    {"LongVersion", "mx.example.net 0123456789; none", "mx.example.net"},
    {"VersionAtTheEnd", "mx.example.net 1", "mx.example.net"},
    {"LeadingSpace", "  \t mx.example.net; none", "mx.example.net"},
    {"FoldedWithLf", "\n\tmx.example.net\n ;\n\tnone", "mx.example.net"},
    {"FoldedWithCrlf", "\r\n mx.example.net\r\n 1\r\n ; none", "mx.example.net"},
    {"EndsWithLineBreak", "mx.example.net\r\n", "mx.example.net"},
    {"Comment", "(hello) mx.example.net (world); none", "mx.example.net"},
    {"CommentWithoutSpace", "(a)mx.example.net(b);none", "mx.example.net"},
    {"NestedComment", "((a)(b (c))) mx.example.net; none", "mx.example.net"},
    {"CommentHoldsAnotherName", "(other.example;) mx.example.net; none", "mx.example.net"},
    {"CommentWithQuotedParenthesis", "(a \\) b \\( c) mx.example.net; none", "mx.example.net"},
    {"CommentWithQuote", "(it's \") mx.example.net; none", "mx.example.net"},
    {"CommentAroundVersion", "mx.example.net (a) 1 (b); none", "mx.example.net"},
    {"FoldedComment", "(a\n b) mx.example.net; none", "mx.example.net"},
    {"DeepComment", std::string(20000, '(') + std::string(20000, ')') + "mx.example.net; none",
     "mx.example.net"},
    {"QuotedString", "\"mx.example.net\"; none", "mx.example.net"},
    {"QuotedPair", "\"mx\\.ex\\ample.net\"; none", "mx.example.net"},
    {"QuotedSemicolon", "\"a;b\"; none", "a;b"},
    {"FoldedQuotedString", "\"a\n b\"; none", "a b"},
    {"EmptyQuotedString", "\"\"; none", ""},
    {"Another", "other.example; dkim=pass", "other.example"},
    {"AnotherWithOursInIt", "mx.example.net.evil.example; none", "mx.example.net.evil.example"},
    {"Empty", "", nullptr},
    {"OnlySpace", " \t ", nullptr},
    {"OnlyComment", "(mx.example.net)", nullptr},
    {"OnlySemicolon", "; tecs=pass", nullptr},
    {"NoName", "tecs=pass", nullptr},
    {"TwoNames", "mx.example.net other.example; none", nullptr},
    {"OursSecond", "other.example mx.example.net; none", nullptr},
    {"Comma", "mx.example.net, tecs=pass", nullptr},
    {"Slash", "mx.example.net/1; none", nullptr},
    {"VersionIsAWord", "mx.example.net v1; none", nullptr},
    {"NegativeVersion", "mx.example.net -1; none", nullptr},
    {"TwoVersions", "mx.example.net 1 1; none", nullptr},
    {"CommentNeverEnds", "(mx.example.net; none", nullptr},
    {"CommentEndsInQuotedPair", "(mx.example.net\\", nullptr},
    {"ParenthesisTooMany", ") mx.example.net; none", nullptr},
    {"QuoteNeverEnds", "\"mx.example.net; none", nullptr},
    {"QuoteEndsInQuotedPair", "\"mx.example.net\\", nullptr},
    {"QuotedThenMore", "\"mx\".example.net; none", nullptr},
    {"NotAscii", "mx.ex\xc3\xa4mple.net; none", nullptr},
    {"NotAsciiInComment", "(\xc3\xa4) mx.example.net; none", nullptr},
    {"Nul", std::string("mx.example.net\0; none", 21), nullptr},
    {"NulInComment", std::string("(\0) mx.example.net; none", 24), nullptr},
    {"ControlInQuotes", "\"mx\x01\"; none", nullptr},
    {"BareCr", "\rmx.example.net; none", nullptr},
    {"LineBreakThatIsNoFold", "mx.example.net\nnone", nullptr},
};

class AuthservIdOfField : public testing::TestWithParam<Field> {};

TEST_P(AuthservIdOfField, IsReadByTheGrammar) {
  const auto found = read_authserv_id(GetParam().body);
  ASSERT_EQ(found.has_value(), GetParam().want != nullptr) << found.value_or("");
  if (found) {
    EXPECT_EQ(*found, GetParam().want);
  }
}

// Nothing that ends early may be read beyond its end, and nothing may make it loop.
TEST_P(AuthservIdOfField, CanBeCutAnywhere) {
  const std::string& body = GetParam().body;
  const std::size_t step = 1 + body.size() / 1000;
  for (std::size_t size = 0; size < body.size(); size += step) {
    const std::string cut(body, 0, size);
    const auto found = read_authserv_id(cut);
    if (found) {
      EXPECT_LE(found->size(), size);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, AuthservIdOfField, testing::ValuesIn(fields),
                         [](const auto& instance) { return std::string(instance.param.name); });

TEST(IsForged, OursInAnyDressAndWhatCannotBeRead) {
  const AuthservId ours = *AuthservId::parse("mx.example.net");
  struct Row {
    const char* body;
    bool want;
  };
  const Row rows[] = {
      {"mx.example.net; tecs=pass smtp.auth=evil.example", true},
      {"MX.EXAMPLE.NET; tecs=pass", true},
      {"(hi) mx.example.net (there) 1 ; tecs=pass", true},
      {"\"mx.example.net\"; tecs=pass", true},
      {"\"mx.e\\xample.net\"; tecs=pass", true},
      {"\n\tmx.example.net;\n\ttecs=pass", true},
      {"mx.example.net", true},
      {"", true},
      {"tecs=pass smtp.auth=evil.example", true},
      {"\"mx.example.net; tecs=pass", true},
      {"other.example mx.example.net; tecs=pass", true},
      {"other.example; dkim=pass header.d=mx.example.net", false},
      {"sub.mx.example.net; dkim=pass", false},
      {"example.net; dkim=pass", false},
      {"(mx.example.net) other.example; dkim=pass", false},
  };
  for (const Row& row : rows) EXPECT_EQ(is_forged(row.body, ours), row.want) << row.body;
}

}  // namespace
}  // namespace tecs
