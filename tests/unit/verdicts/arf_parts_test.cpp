#include "verdicts/arf_parts.hpp"

#include <gtest/gtest.h>

#include <string>

namespace tecs {
namespace {

using Parts = std::vector<std::string_view>;

TEST(ArfParts, TheHeaderEndsAtTheFirstEmptyLine) {
  struct Row {
    std::string text;
    std::string header;
    std::string body;
  };
  for (const Row& row :
       {Row{"A: 1\n\nb\n", "A: 1\n", "b\n"}, Row{"A: 1\r\n\r\nb\r\n", "A: 1\r\n", "b\r\n"},
        Row{"A: 1\n \n\nb", "A: 1\n \n", "b"}, Row{"\nb", "", "b"}, Row{"A: 1\n", "A: 1\n", ""},
        Row{"A: 1\n\n", "A: 1\n", ""}, Row{"A: 1\r\n\n\r\n", "A: 1\r\n", "\r\n"}, Row{"", "", ""}}) {
    SCOPED_TRACE(row.text);
    const MailText split = split_mail(row.text);
    EXPECT_EQ(split.header, row.header);
    EXPECT_EQ(split.body, row.body);
  }
}

TEST(ArfParts, StandBetweenDelimiterLines) {
  struct Row {
    std::string test;
    std::string body;
    Parts want;
  };
  for (const Row& row : {
           Row{"two", "preamble\n--b\none\n--b\ntwo\n--b--\nepilogue\n--b\nthree", {"one", "two"}},
           Row{"lines of both kinds", "--b\r\none\r\n--b \t\ntwo\r\n\r\n--b--\t\r\n", {"one", "two\r\n"}},
           Row{"the end is missing", "--b\none\n--b\ntwo\n", {"one", "two\n"}},
           Row{"a longer word", "--b\none\n--bc\n--b-\nx--b\n--b--\n", {"one\n--bc\n--b-\nx--b"}},
           Row{"empty ones", "--b\n--b\n\n--b--", {"", ""}},
           Row{"none", "text\n--c\n", {}},
           Row{"nothing", "", {}},
       }) {
    SCOPED_TRACE(row.test);
    EXPECT_EQ(split_multipart(row.body, "b", 2).value(), row.want);
  }
}

TEST(ArfParts, AreNotMoreThanAskedFor) {
  EXPECT_EQ(split_multipart("--b\n1\n--b\n2\n--b\n3\n--b--\n", "b", 3)->size(), 3U);
  EXPECT_FALSE(split_multipart("--b\n1\n--b\n2\n--b\n3\n--b--\n", "b", 2));
  EXPECT_FALSE(split_multipart("--b\n1\n--b\n2\n--b\n3", "b", 2));
}

}  // namespace
}  // namespace tecs
