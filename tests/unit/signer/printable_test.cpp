#include "signer/printable.hpp"

#include <gtest/gtest.h>

namespace tecs {
namespace {

using namespace std::string_literals;

struct Row {
  const char* name;
  std::string text;
  std::size_t maximum;
  std::string want;
};

class Printable : public testing::TestWithParam<Row> {};

TEST_P(Printable, is_as_wanted) {
  const std::string got = printable(GetParam().text, GetParam().maximum);
  EXPECT_EQ(got, GetParam().want);
  EXPECT_LE(got.size(), GetParam().maximum);
}

INSTANTIATE_TEST_SUITE_P(Rows, Printable,
                         testing::Values(Row{"plain", "250 OK ~", 20, "250 OK ~"}, Row{"empty", "", 3, ""},
                                         Row{"control", "a\r\n\0\x1b[31m"s, 80, "a\\x0d\\x0a\\x00\\x1b[31m"},
                                         Row{"eight_bit", "\xc3\xa9\x7f", 80, "\\xc3\\xa9\\x7f"},
                                         Row{"quotes", "say \"\\\"", 80, "say \\\"\\\\\\\""},
                                         Row{"fits", "abcdef", 6, "abcdef"},
                                         Row{"cut", "abcdefg", 6, "abc..."},
                                         Row{"not_cut_in_an_escape", "a\r\r\r", 8, "a\\x0d..."},
                                         Row{"no_room", "\r\r", 3, "..."}),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace tecs
