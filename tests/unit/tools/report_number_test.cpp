#include "tools/report_number.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

namespace tecs {
namespace {

// As it looks.
std::string with_spaces(std::string text) {
  for (std::size_t at = 0; (at = text.find("\u00a0", at)) != std::string::npos;) text.replace(at, 2, " ");
  return text;
}

TEST(ReportNumber, Grouped) {
  struct Row {
    std::uint64_t number;
    std::string want;
  };
  for (const Row& row : {Row{0, "0"}, Row{999, "999"}, Row{1000, "1,000"}, Row{999'999, "999,999"},
                         Row{1'000'000, "1,000,000"},
                         Row{std::numeric_limits<std::uint64_t>::max(), "18,446,744,073,709,551,615"}}) {
    EXPECT_EQ(grouped(row.number), row.want);
  }
  EXPECT_EQ(counted(1, "domain", "domains"), "1 domain");
  EXPECT_EQ(counted(1200, "domain", "domains"), "1,200 domains");
}

TEST(ReportNumber, ShortCount) {
  struct Row {
    std::uint64_t number;
    std::string want;
  };
  for (const Row& row : {Row{0, "0"}, Row{999, "999"}, Row{1000, "1k"}, Row{1500, "1.5k"}, Row{20'000, "20k"},
                         Row{3'000'000, "3M"}, Row{2'500'000'000, "2.5G"}, Row{4'000'000'000'000, "4T"}}) {
    EXPECT_EQ(short_count(row.number), row.want);
  }
}

TEST(ReportNumber, PercentageNeverSaysNoneOrAllWhenItIsNot) {
  struct Row {
    std::uint64_t part;
    std::uint64_t whole;
    std::string want;
  };
  for (const Row& row :
       {Row{0, 0, "–"}, Row{0, 7, "0 %"}, Row{7, 7, "100 %"}, Row{1, 3, "33.3 %"}, Row{2, 3, "66.7 %"},
        Row{1, 10'000, "< 0.1 %"}, Row{9'999, 10'000, "> 99.9 %"}, Row{1, 1000, "0.1 %"}}) {
    EXPECT_EQ(with_spaces(percentage(row.part, row.whole)), row.want);
  }
}

TEST(ReportNumber, ShortTime) {
  struct Row {
    double microseconds;
    std::string want;
  };
  for (const Row& row : {Row{0, "0 µs"}, Row{1, "1 µs"}, Row{1.414, "1.4 µs"}, Row{850, "850 µs"},
                         Row{999.9, "1 ms"}, Row{1'414, "1.4 ms"}, Row{23'170, "23 ms"}, Row{2e6, "2 s"},
                         Row{90e6, "1.5 min"}, Row{7200e6, "2 h"}}) {
    EXPECT_EQ(with_spaces(short_time(row.microseconds)), row.want);
  }
}

TEST(ReportNumber, NoLineBreaksBeforeAUnit) {
  for (const std::string& text :
       {percentage(1, 3), percentage(1, 10'000), short_time(23'000), short_time(2)}) {
    EXPECT_EQ(text.find(' '), std::string::npos) << text;
  }
}

TEST(ReportNumber, SignedNumber) {
  EXPECT_EQ(signed_number(-50), "−50");
  EXPECT_EQ(signed_number(0), "0");
  EXPECT_EQ(signed_number(7), "7");
}

}  // namespace
}  // namespace tecs
