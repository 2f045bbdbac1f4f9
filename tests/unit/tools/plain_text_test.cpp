#include "tools/plain_text.hpp"

#include <gtest/gtest.h>

namespace tecs {
namespace {

TEST(PlainText, EachOctetThatIsNotPrintableBecomesAQuestionMark) {
  EXPECT_EQ(plain_text(" ~a\\x1B"), " ~a\\x1B");
  EXPECT_EQ(plain_text("\x1b[2J\r\n\t\x7f"), "?[2J????");
  EXPECT_EQ(plain_text("\xc2\x9b\xff"), "???");
  EXPECT_EQ(plain_text(std::string_view("a\0b", 3)), "a?b");
  EXPECT_EQ(plain_text(""), "");
}

}  // namespace
}  // namespace tecs
