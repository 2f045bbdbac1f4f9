#include "program/text_lines.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "unit/verdicts/temporary_directory.hpp"

namespace tecs::test {
namespace {

using namespace std::string_literals;

TEST(TextLines, are_those_that_say_something) {
  const auto lines = text_lines("# ours\none  two # three\r\n\n \t\n\tfour\n#no\na#b", "file", {});
  ASSERT_TRUE(lines) << lines.error().sentence;
  ASSERT_EQ(lines->size(), 3U);
  EXPECT_EQ((*lines)[0].number, 2U);
  EXPECT_EQ((*lines)[0].content, "one  two");
  EXPECT_EQ((*lines)[1].number, 5U);
  EXPECT_EQ((*lines)[1].content, "four");
  EXPECT_EQ((*lines)[2].number, 7U);
  EXPECT_EQ((*lines)[2].content, "a#b");
}

TEST(TextLines, are_bounded_and_printable) {
  struct Row {
    std::string name;
    std::string text;
    std::string want;  // empty: no error
  };
  const TextBounds bounds{.longest_line = 6, .maximum_lines = 2};
  for (const Row& row : {
           Row{"nothing", "", ""},
           Row{"as long as can be", "123456\n123456", ""},
           Row{"too long", "1\n1234567", "file:2: a line that is too long"},
           Row{"too long, but a comment", "#234567", "file:1: a line that is too long"},
           Row{"as many as can be", "\n1\n\n2\n#", ""},
           Row{"too many", "\n1\n\n2\n3\n", "file:5: more than 2 entries"},
           Row{"UTF-8", "\xc3\xa4\n", "file:1: an octet that is not printable ASCII"},
           Row{"UTF-8 in a comment", "#\xc3\xa4\n", ""},
           Row{"NUL", "a\0b"s, "file:1: an octet that is not printable ASCII"},
           Row{"ESC", "\x1b", "file:1: an octet that is not printable ASCII"},
           Row{"carriage return inside", "a\rb", "file:1: an octet that is not printable ASCII"},
       }) {
    SCOPED_TRACE(row.name);
    const auto lines = text_lines(row.text, "file", bounds);
    EXPECT_EQ(lines ? "" : lines.error().sentence, row.want);
  }
}

TEST(TextLines, have_words) {
  EXPECT_EQ(words_of_line(" one\ttwo   three "), (std::vector<std::string_view>{"one", "two", "three"}));
  EXPECT_TRUE(words_of_line(" \t").empty());
}

TEST(TextLines, come_from_a_file) {
  const TemporaryDirectory directory;
  const std::string path = directory.file("list");
  std::ofstream(path) << "one\ntwo\n";
  EXPECT_EQ(read_text(path).value(), "one\ntwo\n");
  EXPECT_EQ(read_text(directory.file("absent")).error().sentence,
            directory.file("absent") + ": No such file or directory");
  EXPECT_EQ(read_text(directory.path()).error().sentence, directory.path().string() + ": Is a directory");
}

}  // namespace
}  // namespace tecs::test
