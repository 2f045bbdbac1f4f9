#include "tools/report_bar_chart.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace tecs {
namespace {

using testing::HasSubstr;
using testing::Not;

BarChart small_chart() {
  return {.id = "small",
          .title = "Connections",
          .description = "two bars and a gap",
          .columns = {{"first", {{"pass", 60}, {"fail", 40}}},
                      {"second", {{"pass", 50}, {"fail", 0}}},
                      {"third", {}, true},
                      {"fourth", {{"pass", 0}}}},
          .ticks = {{0, "Mon", false}, {2, "Wed", true}, {4, "Fri", false}},
          .height = 100};
}

TEST(ReportBarChart, SaysWhatItIsToThoseWhoDoNotSeeIt) {
  const std::string svg = draw_bar_chart(small_chart());
  EXPECT_THAT(svg, HasSubstr("role=\"img\" aria-labelledby=\"small-title small-desc\""));
  EXPECT_THAT(svg,
              HasSubstr("<title id=\"small-title\">Connections</title><desc id=\"small-desc\">two bars and "
                        "a gap</desc>"));
  EXPECT_THAT(svg, HasSubstr("<g class=\"bar\"><title>second</title>"));
}

// A hundred is as high as the chart: 60 from below, then 40 less a hair.
TEST(ReportBarChart, SegmentsLieUponEachOther) {
  const std::string svg = draw_bar_chart(small_chart());
  EXPECT_THAT(svg, HasSubstr("<rect class=\"pass\" x=\"2%\" y=\"50\" width=\"21%\" height=\"60\"/>"
                             "<rect class=\"fail\" x=\"2%\" y=\"10\" width=\"21%\" height=\"39\"/>"));
  EXPECT_THAT(svg, HasSubstr("<rect class=\"pass\" x=\"27%\" y=\"60\" width=\"21%\" height=\"50\"/></g>"));
}

TEST(ReportBarChart, AGapIsNoBarOfNoHeight) {
  const std::string svg = draw_bar_chart(small_chart());
  EXPECT_THAT(svg, HasSubstr("<title>third</title><rect class=\"gap\" x=\"50%\" y=\"10\" width=\"25%\" "
                             "height=\"100\"/></g>"));
  EXPECT_THAT(svg, HasSubstr("<title>fourth</title><rect class=\"hit\" x=\"75%\" y=\"10\" width=\"25%\" "
                             "height=\"100\"/></g>"));
}

TEST(ReportBarChart, LabelsStayWithinTheChart) {
  const std::string svg = draw_bar_chart(small_chart());
  EXPECT_THAT(svg, HasSubstr("<text class=\"tick first\" x=\"0%\""));
  EXPECT_THAT(svg, HasSubstr("<text class=\"tick inner spare\" x=\"50%\""));
  EXPECT_THAT(svg, HasSubstr("<text class=\"tick last\" x=\"100%\""));
}

TEST(ReportBarChart, TextsAreEscaped) {
  BarChart chart = small_chart();
  chart.title = chart.description = chart.columns[0].title = chart.ticks[0].label = "</svg><script>\"'&";
  chart.marks = {{1, "median", "</svg><script>"}};
  const std::string svg = draw_bar_chart(chart);
  EXPECT_THAT(svg, Not(HasSubstr("<script")));
  EXPECT_EQ(svg.find("</svg>"), svg.rfind("</svg>"));
}

TEST(ReportBarChart, NothingAtAllIsDrawnToo) {
  BarChart chart = small_chart();
  for (ChartColumn& column : chart.columns) column.segments.clear();
  EXPECT_THAT(draw_bar_chart(chart), HasSubstr(">1</text>"));
  chart.columns.clear();
  chart.ticks.clear();
  EXPECT_THAT(draw_bar_chart(chart), HasSubstr("</svg>"));
}

TEST(ReportBarChart, TheLargestNumbersAreDrawnWithinTheChart) {
  BarChart chart = small_chart();
  chart.columns[0].segments = {{"pass", std::numeric_limits<std::int64_t>::max()}};
  EXPECT_THAT(draw_bar_chart(chart), Not(HasSubstr("height=\"-")));
}

TEST(ReportBarChart, GridDistance) {
  struct Row {
    std::uint64_t largest;
    std::uint64_t want;
  };
  for (const Row& row : {Row{0, 1}, Row{1, 1}, Row{5, 1}, Row{6, 2}, Row{10, 2}, Row{11, 5}, Row{100, 20},
                         Row{101, 25}, Row{126, 50}, Row{572, 200}, Row{1'000'000, 200'000}}) {
    SCOPED_TRACE(row.largest);
    EXPECT_EQ(grid_distance(row.largest), row.want);
  }
  EXPECT_GE(grid_distance(std::numeric_limits<std::uint64_t>::max()),
            std::numeric_limits<std::uint64_t>::max() / 5);
}

}  // namespace
}  // namespace tecs
