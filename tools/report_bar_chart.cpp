#include "tools/report_bar_chart.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <numeric>

#include "tools/report_number.hpp"
#include "tools/report_svg.hpp"
#include "tools/report_text.hpp"

namespace tecs {
namespace {

constexpr unsigned room_above = 10;  // for half a label
constexpr unsigned room_below = 26;  // for the labels

std::uint64_t value_of(const ChartColumn& column) {
  return std::accumulate(column.segments.begin(), column.segments.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const ChartSegment& segment) { return sum + segment.value; });
}

// Where values and columns are, on this chart.
class Scale {
 public:
  explicit Scale(const BarChart& chart) : columns_(chart.columns.size()), height_(chart.height) {
    for (const ChartColumn& column : chart.columns) largest_ = std::max(largest_, value_of(column));
    distance_ = grid_distance(largest_);
    top_ = (std::max<std::uint64_t>(largest_, 1) + distance_ - 1) / distance_ * distance_;
  }

  [[nodiscard]] std::uint64_t distance() const { return distance_; }
  [[nodiscard]] std::uint64_t top() const { return top_; }
  [[nodiscard]] double length(std::uint64_t value) const {
    return height_ * (static_cast<double>(value) / static_cast<double>(top_));
  }
  [[nodiscard]] double y(std::uint64_t value) const { return room_above + height_ - length(value); }
  [[nodiscard]] double share(double column) const { return column / static_cast<double>(columns_); }

 private:
  std::size_t columns_;
  double height_;
  std::uint64_t largest_ = 0;
  std::uint64_t distance_ = 1;
  std::uint64_t top_ = 1;
};

std::string draw_grid(const Scale& scale) {
  std::string svg;
  for (std::uint64_t value = 0; value <= scale.top(); value += scale.distance()) {
    const std::string y = svg_number(scale.y(value));
    svg += svg_line(value == 0 ? "axis" : "grid", "0", y, "100%", y);
    svg += svg_text("value", "-8", svg_number(scale.y(value) + 4), short_count(value));
  }
  return svg;
}

// A hair of the background keeps the parts of a bar apart, wherever there is room for it.
std::string draw_segments(const ChartColumn& column, const Scale& scale, const SvgBox& across) {
  constexpr double hair = 1;
  std::string svg;
  std::uint64_t below = 0;
  for (const ChartSegment& segment : column.segments) {
    if (segment.value == 0) continue;
    const double length = scale.length(segment.value);
    const double drawn = below > 0 && length > 3 * hair ? length - hair : length;
    const double top = scale.y(below + segment.value);
    svg += svg_rectangle(segment.style, {across.x, svg_number(top), across.width, svg_number(drawn)});
    below += segment.value;
  }
  return svg;
}

std::string draw_column(const BarChart& chart, std::size_t index, const Scale& scale) {
  const double gap = chart.columns.size() > 80 ? 0.1 : 0.16;  // between two bars, in columns
  const auto left = static_cast<double>(index);
  const SvgBox whole{svg_percent(scale.share(left)), svg_number(room_above), svg_percent(scale.share(1)),
                     svg_number(chart.height)};
  const SvgBox bar{svg_percent(scale.share(left + gap / 2)), "", svg_percent(scale.share(1 - gap)), ""};
  const ChartColumn& column = chart.columns[index];
  return "<g class=\"bar\">" + svg_title(column.title) + svg_rectangle(column.gap ? "gap" : "hit", whole) +
         draw_segments(column, scale, bar) + "</g>\n";
}

std::string draw_tick(const BarChart& chart, const AxisTick& tick, const Scale& scale) {
  const double share = scale.share(tick.column);
  // At an end a label would reach out of the chart.
  const std::string_view anchor = share < 0.03 ? "first" : share > 0.97 ? "last" : "inner";
  const std::string x = svg_percent(share);
  const unsigned bottom = room_above + chart.height;
  const std::string style = std::string("tick ").append(anchor).append(tick.spare ? " spare" : "");
  return svg_line("axis", x, svg_number(bottom), x, svg_number(bottom + 5)) +
         svg_text(style, x, svg_number(bottom + 20), tick.label);
}

std::string draw_mark(const BarChart& chart, const ChartMark& mark, const Scale& scale) {
  const std::string x = svg_percent(scale.share(mark.column));
  return "<g>" + svg_title(mark.title) +
         svg_line(std::string("mark ").append(mark.style), x, svg_number(room_above), x,
                  svg_number(room_above + chart.height)) +
         "</g>\n";
}

}  // namespace

std::uint64_t grid_distance(std::uint64_t largest) noexcept {
  constexpr std::uint64_t lines = 5;
  const std::uint64_t least = largest / lines + (largest % lines == 0 ? 0 : 1);
  for (std::uint64_t power = 1; power <= std::numeric_limits<std::uint64_t>::max() / 10; power *= 10) {
    for (const std::uint64_t distance : {power, 2 * power, power * 5 / 2, 5 * power}) {
      if (distance >= least) return distance;
    }
  }
  return least;
}

std::string draw_bar_chart(const BarChart& chart) {
  const Scale scale(chart);
  const std::string id = html_text(chart.id);
  std::string svg = "<div class=\"plot\"><svg id=\"" + id + "\" role=\"img\" aria-labelledby=\"" + id +
                    "-title " + id + "-desc\" width=\"100%\" height=\"" +
                    std::to_string(room_above + chart.height + room_below) + "\">\n<title id=\"" + id +
                    "-title\">" + html_text(chart.title) + "</title><desc id=\"" + id + "-desc\">" +
                    html_text(chart.description) + "</desc>\n";
  svg += draw_grid(scale) + "\n";
  for (std::size_t index = 0; index < chart.columns.size(); ++index) svg += draw_column(chart, index, scale);
  for (const AxisTick& tick : chart.ticks) svg += draw_tick(chart, tick, scale);
  for (const ChartMark& mark : chart.marks) svg += draw_mark(chart, mark, scale);
  return svg + "</svg></div>\n";
}

}  // namespace tecs
