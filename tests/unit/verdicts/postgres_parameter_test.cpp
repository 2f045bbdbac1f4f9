#include "verdicts/postgres_parameter.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace tecs {
namespace {

TEST(PostgresParameter, IsTextThatReadsBack) {
  for (const std::int64_t number :
       {std::int64_t{0}, std::int64_t{-1}, std::numeric_limits<std::int64_t>::max(),
        std::numeric_limits<std::int64_t>::min()}) {
    EXPECT_EQ(decode_integer(encode_parameter(number).text.value()), number);
  }
  for (const double number :
       {0.0, -0.5, 0.1, 1e300, std::numeric_limits<double>::denorm_min(), std::numeric_limits<double>::max(),
        std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()}) {
    EXPECT_EQ(decode_real(encode_parameter(number).text.value()), number);
  }
}

TEST(PostgresParameter, NullHasNoText) {
  EXPECT_EQ(encode_parameter({}), (PostgresParameter{0, std::nullopt}));
  EXPECT_FALSE(encode_parameter(std::nan("")).text);
  EXPECT_EQ(encode_parameter("").text, "");
}

TEST(PostgresParameter, ATextIsMadeFit) {
  EXPECT_EQ(encode_parameter(std::string("a\0\xff", 3)).text, "a\xef\xbf\xbd\xef\xbf\xbd");
}

TEST(PostgresParameter, ReadsWhatPostgresqlWrites) {
  struct Row {
    std::string_view text;
    std::int64_t integer;
    double real;
  };
  constexpr auto largest = std::numeric_limits<std::int64_t>::max();
  constexpr auto smallest = std::numeric_limits<std::int64_t>::min();
  for (const Row& row : {
           Row{"12", 12, 12},
           Row{"-12.75", -12, -12.75},
           Row{"t", 1, 1},
           Row{"f", 0, 0},
           Row{"9223372036854775808", largest, 9223372036854775808.0},
           Row{"-99999999999999999999999", smallest, -99999999999999999999999.0},
           Row{"1e+06", 1, 1e6},
           Row{"", 0, 0},
           Row{"none", 0, 0},
       }) {
    EXPECT_EQ(decode_integer(row.text), row.integer) << row.text;
    EXPECT_EQ(decode_real(row.text), row.real) << row.text;
  }
}

}  // namespace
}  // namespace tecs
