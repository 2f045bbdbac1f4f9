// Bars that stand beside each other, as SVG. A pure function: numbers in, text out.
//
// The chart has the width of what it stands in, and lengths along it are percentages: so its text stays as
// large on a telephone as on a screen, where a viewBox would scale it with all else.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tecs {

// A part of a bar. style: a class of report_style.hpp.
struct ChartSegment {
  std::string_view style;
  std::uint64_t value = 0;
};

struct ChartColumn {
  std::string title;                   // what a person sees who points at the bar
  std::vector<ChartSegment> segments;  // from below
  // Nothing is known of it, which is not the same as a bar of no height.
  bool gap = false;
};

struct AxisTick {
  double column = 0;  // where: in columns, from the left edge of the first
  std::string label;
  bool spare = false;  // may be left out where there is little room
};

// A line across the chart.
struct ChartMark {
  double column = 0;
  std::string_view style;
  std::string title;
};

// Plain value. Texts are as html_text() takes them, not yet escaped.
struct BarChart {
  std::string id;  // of the element; unique in the page
  std::string title;
  std::string description;  // what it shows, for somebody who does not see it
  std::vector<ChartColumn> columns;
  std::vector<AxisTick> ticks;
  std::vector<ChartMark> marks{};
  unsigned height = 200;  // of the bars' room, in pixels
};

// An <svg> in a box that keeps room for the labels.
[[nodiscard]] std::string draw_bar_chart(const BarChart& chart);

// The smallest of 1, 2, 2.5 and 5 times a power of ten by which at most five lines reach the largest value;
// never less than 1.
[[nodiscard]] std::uint64_t grid_distance(std::uint64_t largest) noexcept;

}  // namespace tecs
