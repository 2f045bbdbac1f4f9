#include "tools/bounded_lines.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace tecs {
namespace {

// "number:text" or "number!" for one that is too long, with '|' between.
std::string lines_of(const std::string& text, std::size_t maximum) {
  std::istringstream in(text);
  BoundedLines lines(in, maximum);
  std::string found;
  while (const auto line = lines.next()) {
    if (!found.empty()) found += '|';
    found += std::to_string(line->number) + (line->too_long ? "!" : ":") + line->text;
  }
  EXPECT_FALSE(lines.next()) << "the end stays the end";
  return found;
}

TEST(BoundedLines, AreCounted) {
  EXPECT_EQ(lines_of("", 10), "");
  EXPECT_EQ(lines_of("a\nb\n", 10), "1:a|2:b");
  EXPECT_EQ(lines_of("a\n\nb", 10), "1:a|2:|3:b");
  EXPECT_EQ(lines_of("\n", 10), "1:");
}

TEST(BoundedLines, MayEndAsOnWindows) {
  EXPECT_EQ(lines_of("a\r\nb\r\r\n\r\n", 10), "1:a|2:b\r|3:");
}

TEST(BoundedLines, HoldAnything) {
  EXPECT_EQ(lines_of(std::string("a\0b\xff\n", 5), 10), std::string("1:a\0b\xff", 6));
}

TEST(BoundedLines, WhatIsTooLongIsPassedOver) {
  EXPECT_EQ(lines_of("abc\nabcd\nabc\r\nabcd\r\nabcde", 3), "1:abc|2!|3:abc|4!|5!");
  EXPECT_EQ(lines_of(std::string(1'000'000, 'x') + "\nnext\n", 10), "1!|2:next");
}

}  // namespace
}  // namespace tecs
