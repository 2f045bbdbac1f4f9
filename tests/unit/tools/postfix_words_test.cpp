#include "tools/postfix_words.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tecs {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(PostfixWords, SeparatesAtWhiteSpaceAndCommas) {
  EXPECT_THAT(postfix_list(" a, b\t c,,d\n"), ElementsAre("a", "b", "c", "d"));
  EXPECT_THAT(postfix_words("a,b c", Separators::white_space), ElementsAre("a,b", "c"));
  EXPECT_THAT(postfix_list(" , "), IsEmpty());
}

TEST(PostfixWords, WhatStandsInBracesIsOneWord) {
  EXPECT_THAT(postfix_list("a, { b, { c, d } }, e"), ElementsAre("a", "{ b, { c, d } }", "e"));
  EXPECT_THAT(postfix_list("x{a b}y z"), ElementsAre("x{a b}y", "z"));
  EXPECT_THAT(postfix_list("{ never closed, a"), ElementsAre("{ never closed, a"));
  EXPECT_THAT(postfix_list("a} b"), ElementsAre("a}", "b"));
}

TEST(PostfixWords, NamesAndValues) {
  const NameAndValue spaced = parse_name_and_value(" a = b = c ");
  EXPECT_EQ(spaced.name, "a");
  EXPECT_EQ(spaced.value, "b = c");
  const NameAndValue bare = parse_name_and_value("a");
  EXPECT_EQ(bare.name, "a");
  EXPECT_EQ(bare.value, "");
}

TEST(PostfixWords, MiltersHaveSettings) {
  const auto milters =
      parse_postfix_milters("unix:/a, { inet:b:1, default_action=accept, { protocol = 6 } } {}");
  ASSERT_EQ(milters.size(), 2U);
  EXPECT_EQ(milters[0].address, "unix:/a");
  EXPECT_THAT(milters[0].settings, IsEmpty());
  EXPECT_EQ(milters[1].address, "inet:b:1");
  EXPECT_THAT(milters[1].settings,
              ElementsAre(std::pair("default_action", "accept"), std::pair("protocol", "6")));
}

TEST(PostfixWords, YesAndNoInAnyCase) {
  for (const char* text : {"yes", "Yes", "YES "}) EXPECT_TRUE(is_yes(text)) << text;
  for (const char* text : {"no", "", "y", "yes!"}) EXPECT_FALSE(is_yes(text)) << text;
  EXPECT_TRUE(is_no("No"));
  EXPECT_FALSE(is_no("yes"));
}

TEST(PostfixWords, Sockets) {
  struct Row {
    std::string text;
    bool want_unix;
    std::string want_path;
  };
  for (const Row& row : {Row{"unix:/run/tecs/sasl", true, "/run/tecs/sasl"}, Row{"local:x", true, "x"},
                         Row{"private/auth", true, "private/auth"}, Row{"inet:localhost:25", false, ""},
                         Row{"inet6:[::1]:25", false, ""}, Row{"", false, ""}}) {
    SCOPED_TRACE(row.text);
    const PostfixSocket socket = parse_postfix_socket(row.text);
    EXPECT_EQ(socket.is_unix, row.want_unix);
    EXPECT_EQ(socket.path, row.want_path);
  }
}

TEST(PostfixWords, TheRootOfAChrootIsTheQueueDirectory) {
  EXPECT_EQ(file_of_socket("/a", "/q", false), "/a");
  EXPECT_EQ(file_of_socket("/a", "/q", true), "/q/a");
  EXPECT_EQ(file_of_socket("a/b", "/q", false), "/q/a/b");
  EXPECT_EQ(file_of_socket("a/b", "/q", true), "/q/a/b");
}

}  // namespace
}  // namespace tecs
