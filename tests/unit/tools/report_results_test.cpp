#include "tools/report_results.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace tecs {
namespace {

using testing::HasSubstr;
using testing::Not;

// none, pass, fail, policy, neutral, temperror, permerror
constexpr ResultCounts counts{1, 20, 300, 4000, 0, 60'000, 700'000};

TEST(ReportResults, EachResultIsASeriesOfItsOwnLook) {
  std::set<Result> results;
  std::set<std::string_view> styles;
  for (const ResultSeries& series : result_series()) {
    results.insert(series.result);
    styles.insert(series.style);
  }
  EXPECT_EQ(results.size(), ResultCounts{}.size());
  EXPECT_EQ(styles.size(), ResultCounts{}.size());
}

TEST(ReportResults, SignedArePassedAndFailed) {
  EXPECT_EQ(connections_of(counts), 764'321);
  EXPECT_EQ(signed_of(counts), 764'320);
  EXPECT_EQ(failed_of(counts), 764'300);
  EXPECT_EQ(count_of(counts, Result::temperror), 60'000);
}

TEST(ReportResults, TextLeavesOutWhatThereIsNot) {
  EXPECT_EQ(result_text({5, 1, 0, 0, 0, 0, 2}), "8 connections: 1 passed, 5 unsigned, 2 not usable");
  EXPECT_EQ(result_text({}), "0 connections");
}

TEST(ReportResults, LegendNamesEachPatternThatIsDrawn) {
  const std::string html = result_legend(counts);
  EXPECT_THAT(html, HasSubstr("<rect class=\"temperror\""));
  EXPECT_THAT(html, HasSubstr("<b>not usable</b> 700,000 "));
  EXPECT_THAT(html, Not(HasSubstr("neutral")));
}

}  // namespace
}  // namespace tecs
