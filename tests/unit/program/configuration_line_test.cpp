#include "program/configuration_line.hpp"

#include <gtest/gtest.h>

namespace tecs::test {
namespace {

TEST(ConfigurationLine, is_what_is_left_without_comment_and_white_space) {
  struct Row {
    const char* line;
    const char* want;
  };
  for (const Row& row :
       {Row{"", ""}, Row{" \t\r", ""}, Row{"# all of it", ""}, Row{"  # all of it", ""}, Row{"word", "word"},
        Row{"\tword  \r", "word"}, Row{"word # comment", "word"}, Row{"word\t#comment", "word"},
        Row{"http://a/#b", "http://a/#b"}, Row{"a#b #c #d", "a#b"}, Row{"two words", "two words"}}) {
    EXPECT_EQ(content_of_line(row.line), row.want) << row.line;
  }
}

}  // namespace
}  // namespace tecs::test
