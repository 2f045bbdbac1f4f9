#include "smtp/line_reader.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace tecs {
namespace {

using namespace std::string_literals;

struct Row {
  const char* name;
  std::string octets;
  std::vector<std::string> want_lines;
  std::string want_failure;  // in the sentence; empty: none
  std::string want_rest;
};

class Lines : public testing::TestWithParam<Row> {
 protected:
  LineReader reader_;
  std::vector<std::string> lines_;
  std::string failure_;

  // Reads all lines that are there.
  void read() {
    while (failure_.empty()) {
      const auto line = reader_.next();
      if (!line) {
        EXPECT_EQ(line.error().reason, Reason::protocol_error);
        failure_ = line.error().sentence;
      } else if (*line) {
        lines_.emplace_back(**line);
      } else {
        return;
      }
    }
  }

  void check() {
    EXPECT_EQ(lines_, GetParam().want_lines);
    EXPECT_EQ(failure_.empty(), GetParam().want_failure.empty()) << failure_;
    EXPECT_NE(failure_.find(GetParam().want_failure), std::string::npos) << failure_;
    if (failure_.empty()) {
      EXPECT_EQ(reader_.take_rest(), GetParam().want_rest);
      EXPECT_EQ(reader_.take_rest(), "");
    }
  }
};

TEST_P(Lines, come_out_of_one_piece) {
  reader_.append(GetParam().octets);
  read();
  check();
}

TEST_P(Lines, come_out_of_single_octets) {
  for (const char octet : GetParam().octets) {
    reader_.append({&octet, 1});
    read();
  }
  check();
}

INSTANTIATE_TEST_SUITE_P(
    Rows, Lines,
    testing::Values(Row{"nothing", "", {}, "", ""}, Row{"one", "EHLO me\r\n", {"EHLO me"}, "", ""},
                    Row{"empty_line", "\r\n", {""}, "", ""}, Row{"two", "a\r\nb\r\n", {"a", "b"}, "", ""},
                    Row{"half", "a\r\nb", {"a"}, "", "b"}, Row{"half_an_end", "a\r", {}, "", "a\r"},
                    Row{"longest", std::string(2046, 'x') + "\r\n", {std::string(2046, 'x')}, "", ""},
                    Row{"too_long", std::string(2047, 'x') + "\r\n", {}, "longer than 2048 octets", ""},
                    Row{"too_long_without_end", std::string(2049, 'x'), {}, "longer than 2048 octets", ""},
                    Row{"bare_lf", "a\nb\r\n", {}, "bare LF", ""},
                    Row{"bare_lf_in_second", "a\r\nb\n", {"a"}, "bare LF", ""},
                    Row{"bare_cr", "a\rb\r\n", {}, "bare CR", ""},
                    Row{"two_crs", "a\r\r\n", {}, "bare CR", ""}, Row{"nul", "a\0b\r\n"s, {}, "a NUL", ""},
                    Row{"eight_bit_is_nobodys_business", "\xff\r\n", {"\xff"}, "", ""}),
    [](const auto& row) { return row.param.name; });

TEST(LineReader, takes_a_longer_line_where_one_is_due) {
  LineReader reader;
  const std::string longest(LineReader::maximum_auth_line - 2, 'x');
  reader.append(longest + "\r\n" + longest + "x\r\n");
  EXPECT_EQ(reader.next(LineReader::maximum_auth_line).value(), longest);
  EXPECT_EQ(reader.rest(), longest + "x\r\n");
  const auto too_long = reader.next(LineReader::maximum_auth_line);
  ASSERT_FALSE(too_long);
  EXPECT_EQ(too_long.error().sentence, "a line is longer than 12288 octets");
}

TEST(LineReader, says_how_much_it_discards) {
  LineReader reader;
  reader.append("a\r\nbcd");
  ASSERT_TRUE(reader.next());
  EXPECT_EQ(reader.discard(), 3U);
  EXPECT_EQ(reader.discard(), 0U);
  reader.append("e\r\n");
  EXPECT_EQ(reader.next().value(), "e");
}

}  // namespace
}  // namespace tecs
