#include "verdicts/arf_fields.hpp"

#include <gtest/gtest.h>

namespace tecs {
namespace {

std::string repeated(const std::string& text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

TEST(ArfFields, AreUnfoldedWhateverTheirLinesEndWith) {
  for (const std::string text : {"A: 1\nLong:  one\n two\n\tthree \nlong: four\n",
                                 "A: 1\r\nLong:  one\r\n two\r\n\tthree \r\nlong: four\r\n",
                                 "\nA: 1\nLong:  one\r\n two\n\tthree \r\nlong: four",
                                 "A: 1\nLong:  one\n two\n\tthree \nlong: four\n\nA: 2\n"}) {
    SCOPED_TRACE(text);
    const auto fields = ArfFields::parse(text);
    ASSERT_TRUE(fields);
    EXPECT_EQ(fields->all("LONG"), (std::vector<std::string_view>{"one two three", "four"}));
    EXPECT_EQ(fields->only("a").value(), "1");
    EXPECT_EQ(fields->only("b").value(), "");
    ASSERT_FALSE(fields->only("Long"));
    EXPECT_EQ(fields->only("Long").error().reason, ComplaintReason::contradiction);
  }
}

TEST(ArfFields, RefusesWhatIsNoField) {
  struct Row {
    std::string test;
    std::string text;
    ComplaintReason want;
  };
  for (const Row& row : {
           Row{"a folded line first", " A: 1\n", ComplaintReason::bad_field},
           Row{"no colon", "A: 1\nB\n", ComplaintReason::bad_field},
           Row{"no name", ": 1\n", ComplaintReason::bad_field},
           Row{"a name with a space inside", "A B: 1\n", ComplaintReason::bad_field},
           Row{"a name beyond ASCII", "\xc3\xa4: 1\n", ComplaintReason::bad_field},
           Row{"a NUL", std::string("A: 1\0\n", 6), ComplaintReason::bad_field},
           Row{"a bare CR", "A: 1\rB: 2\n", ComplaintReason::bad_field},
           Row{"an escape sequence", "A: \x1b[2J\n", ComplaintReason::bad_field},
           Row{"too many", repeated("A: 1\n", ArfFields::maximum_fields + 1), ComplaintReason::too_large},
           Row{"too long", "A: " + std::string(ArfFields::maximum_octets, 'x'), ComplaintReason::too_large},
       }) {
    SCOPED_TRACE(row.test);
    const auto fields = ArfFields::parse(row.text);
    ASSERT_FALSE(fields);
    EXPECT_EQ(fields.error().status, ComplaintStatus::malformed);
    EXPECT_EQ(fields.error().reason, row.want);
  }
  EXPECT_TRUE(ArfFields::parse(repeated("A: 1\n", ArfFields::maximum_fields)));
  EXPECT_TRUE(ArfFields::parse("A: caf\xc3\xa9\n"));
  EXPECT_TRUE(ArfFields::parse(""));
}

}  // namespace
}  // namespace tecs
