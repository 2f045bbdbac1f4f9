#include "tools/report_histogram.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tecs {
namespace {

std::string number_of(std::int64_t bin) {
  return std::to_string(bin);
}
std::string_view plain(std::int64_t /*bin*/) {
  return "plain";
}

TEST(ReportHistogram, BinsWithoutConnectionsAreBarsToo) {
  const ReportHistogram histogram(Measure::score, {{-20, 3}, {-18, 1}, {4, 6}});
  const auto columns = histogram.columns(number_of, plain);
  ASSERT_EQ(columns.size(), 25);
  EXPECT_EQ(columns[0].segments[0].value, 3);
  EXPECT_EQ(columns[1].segments[0].value, 0);
  EXPECT_EQ(columns[2].segments[0].value, 1);
  EXPECT_EQ(columns[24].segments[0].value, 6);
  EXPECT_EQ(columns[24].title, "4\n6 connections, 60.0\u00a0%");
  EXPECT_EQ(histogram.connections(), 10);
  EXPECT_EQ(histogram.connections(-19, 4), 7);
}

TEST(ReportHistogram, FewBinsGetRoomAroundThem) {
  const ReportHistogram scores(Measure::score, {{0, 1}});
  EXPECT_EQ(scores.columns(number_of, plain).size(), 12);
  EXPECT_LT(scores.first(), 0);
  // There is no time below the first bin.
  const ReportHistogram times(Measure::dns_time, {{0, 1}});
  EXPECT_EQ(times.columns(number_of, plain).size(), 12);
  EXPECT_EQ(times.first(), 0);
}

TEST(ReportHistogram, TheBinInWhichAShareIsReached) {
  const ReportHistogram histogram(Measure::dns_time, {{10, 50}, {15, 40}, {17, 9}, {30, 1}});
  EXPECT_EQ(histogram.bin_at(0.5), 10);
  EXPECT_EQ(histogram.bin_at(0.51), 15);
  EXPECT_EQ(histogram.bin_at(0.9), 15);
  EXPECT_EQ(histogram.bin_at(0.99), 17);
  EXPECT_EQ(histogram.bin_at(1), 30);
  const ReportHistogram scores(Measure::score, {{-5, 1}, {3, 1}});
  EXPECT_EQ(scores.bin_at(0.5), -5);
  EXPECT_EQ(scores.bin_at(0.9), 3);
}

}  // namespace
}  // namespace tecs
