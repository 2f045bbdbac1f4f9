#include "tecs/printable_text.hpp"

#include <gtest/gtest.h>

namespace tecs {
namespace {

using namespace std::string_view_literals;

TEST(PrintableText, EscapesWhatCouldDoHarm) {
  struct Row {
    std::string_view name, octets, want;
  };
  for (const Row& row : {
           Row{"empty", "", ""},
           Row{"printable ASCII", "mail.example.org ~!'<>&", "mail.example.org ~!'<>&"},
           Row{"quotation mark", "say \"no\"", "say \\x22no\\x22"},
           Row{"line ends", "a\r\nX-Forged: b", "a\\x0D\\x0AX-Forged: b"},
           Row{"NUL", "a\0b"sv, "a\\x00b"},
           Row{"escape sequence of a terminal", "\x1b[2J", "\\x1B[2J"},
           Row{"DEL", "\x7f", "\\x7F"},
           Row{"UTF-8", "\xc3\xa9", "\\xC3\\xA9"},
           Row{"not UTF-8", "\xff\x80", "\\xFF\\x80"},
           Row{"backslash, so that it can be undone", "\\x41", "\\x5Cx41"},
       }) {
    EXPECT_EQ(printable_text(row.octets, 100), row.want) << row.name;
  }
}

TEST(PrintableText, CutsBeforeItEscapes) {
  EXPECT_EQ(printable_text("abcd", 4), "abcd");
  EXPECT_EQ(printable_text("abcde", 4), "abcd...");
  EXPECT_EQ(printable_text("\xff\xff\xff", 2), "\\xFF\\xFF...");
  EXPECT_EQ(printable_text("a", 0), "...");
}

}  // namespace
}  // namespace tecs
