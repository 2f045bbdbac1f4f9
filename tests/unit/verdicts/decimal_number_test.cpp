#include "verdicts/decimal_number.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace tecs {
namespace {

TEST(DecimalNumber, HasAsManyDigitsAsAskedFor) {
  EXPECT_EQ(decimal_number(0, 2), "0.00");
  EXPECT_EQ(decimal_number(0.0712, 2), "0.07");
  EXPECT_EQ(decimal_number(12.96, 1), "13.0");
  EXPECT_EQ(decimal_number(-4.25, 1), "-4.2");
  EXPECT_EQ(decimal_number(1234567, 0), "1234567");
  EXPECT_EQ(decimal_number(std::numeric_limits<double>::max(), 9).size(), 319U);
}

TEST(DecimalNumber, SaysASharePerCent) {
  EXPECT_EQ(decimal_percent(0.07123), "7.12 %");
  EXPECT_EQ(decimal_percent(1), "100.00 %");
}

}  // namespace
}  // namespace tecs
