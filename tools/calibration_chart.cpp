#include "tools/calibration_chart.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "tools/report_number.hpp"
#include "tools/report_svg.hpp"
#include "verdicts/decimal_number.hpp"

namespace tecs {
namespace {

constexpr double left = 60;
constexpr double right = 20;
constexpr double width = 760;
constexpr double plot_width = width - left - right;
constexpr double plot_height = 170;
constexpr double first_top = 50;
constexpr double second_top = 300;
constexpr double height = 530;

constexpr std::string_view style =
    "svg{background:#fff;font:13px system-ui,sans-serif}"
    "text{fill:#222}.n{fill:#666;font-size:11px}.e{text-anchor:end}.m{text-anchor:middle}"
    ".g{stroke:#ddd}.b{fill:#4a7fb5}.w{stroke:#222}"
    ".c{stroke:#b3402e;stroke-width:2;fill:none}.o{stroke:#4a7fb5;stroke-width:2;fill:none;"
    "stroke-dasharray:5 3}"
    "@media (prefers-color-scheme:dark){svg{background:#16181c}text{fill:#e6e6e6}.n{fill:#9aa0a6}"
    ".g{stroke:#33373d}.b{fill:#6ea8dc}.w{stroke:#e6e6e6}.c{stroke:#ef8172}.o{stroke:#6ea8dc}}";

// Where scores and shares stand. All scores from the lowest bin to the highest have their place, also those
// that no connection had.
class Axes {
 public:
  explicit Axes(const std::vector<CalibrationBin>& bins)
      : lowest_(bins.front().from), step_(plot_width / (bins.back().from - bins.front().from + 1)) {}

  [[nodiscard]] double x(double score) const { return left + (score - lowest_) * step_; }
  [[nodiscard]] double step() const { return step_; }
  [[nodiscard]] static double y(double top, double share, double most) {
    return top + plot_height * (1 - share / most);
  }

 private:
  double lowest_;
  double step_;
};

// A round share that all fit below.
double top_of_scale(const std::vector<CalibrationBin>& bins) {
  double most = 0;
  for (const CalibrationBin& bin : bins) most = std::max(most, bin.share.upper);
  for (const double share : {0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5}) {
    if (most <= share) return share;
  }
  return 1;
}

std::string draw_frame(const Axes& axes, const std::vector<CalibrationBin>& bins, double top, double most) {
  std::string drawn;
  for (const double part : {0.0, 0.5, 1.0}) {
    const std::string y = svg_number(Axes::y(top, part * most, most));
    drawn += svg_line("g", svg_number(left), y, svg_number(width - right), y);
    drawn += svg_text("n e", svg_number(left - 6), y,
                      decimal_number(part * most * 100, most < 0.05 ? 2 : 0) + " %");
  }
  // Some fifteen labels at most.
  const auto first = std::llround(bins.front().from);
  const auto last = std::llround(bins.back().from);
  const auto every = (last - first + 15) / 15;
  for (auto score = first; score <= last; score += every) {
    drawn += svg_text("n m", svg_number(axes.x(static_cast<double>(score))),
                      svg_number(top + plot_height + 16), signed_number(score));
  }
  return drawn;
}

std::string draw_bar(const Axes& axes, const CalibrationBin& bin, double most) {
  const double share = static_cast<double>(bin.complained) / static_cast<double>(bin.connections);
  const double y = Axes::y(first_top, share, most);
  const std::string middle = svg_number(axes.x(bin.from) + axes.step() / 2);
  return "<g>" +
         svg_title("score " + signed_number(std::llround(bin.from)) + ": " + grouped(bin.complained) +
                   " of " + grouped(bin.connections) + " connections") +
         svg_rectangle(
             "b", {svg_number(axes.x(bin.from) + 1), svg_number(y),
                   svg_number(std::max(axes.step() - 2, 1.0)), svg_number(first_top + plot_height - y)}) +
         svg_line("w", middle, svg_number(Axes::y(first_top, bin.share.lower, most)), middle,
                  svg_number(Axes::y(first_top, bin.share.upper, most))) +
         "</g>";
}

std::string draw_shares(const Axes& axes, const std::vector<CalibrationBin>& bins) {
  const double most = top_of_scale(bins);
  std::string drawn = draw_frame(axes, bins, first_top, most);
  for (const CalibrationBin& bin : bins) drawn += draw_bar(axes, bin, most);
  return drawn;
}

std::string draw_curve(std::string_view style_class, const Axes& axes,
                       const std::vector<CalibrationBin>& bins, double CalibrationBin::*caught) {
  std::string points;
  for (const CalibrationBin& bin : bins)
    points += svg_number(axes.x(bin.from)) + "," + svg_number(Axes::y(second_top, bin.*caught, 1)) + " ";
  points += svg_number(axes.x(bins.back().from + 1)) + "," + svg_number(Axes::y(second_top, 0, 1));
  return "<polyline class=\"" + std::string(style_class) + "\" points=\"" + points + "\"/>";
}

std::string draw_plots(const ScoreCalibration& calibration) {
  const Axes axes(calibration.bins);
  std::string drawn = draw_shares(axes, calibration.bins);
  drawn += svg_text("t", svg_number(left), svg_number(second_top - 30), "What a threshold would catch");
  drawn += svg_text("n", svg_number(left), svg_number(second_top - 14),
                    "complained connections (line) and others (dashes) with this score or a higher one");
  drawn += draw_frame(axes, calibration.bins, second_top, 1);
  drawn += draw_curve("c", axes, calibration.bins, &CalibrationBin::complained_caught);
  drawn += draw_curve("o", axes, calibration.bins, &CalibrationBin::others_caught);
  return drawn;
}

}  // namespace

std::string draw_calibration(const ScoreCalibration& calibration) {
  const std::string size = svg_number(width) + "\" height=\"" + svg_number(height);
  std::string drawn = "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"" + size +
                      "\" viewBox=\"0 0 " + svg_number(width) + " " + svg_number(height) + "\">";
  drawn += svg_title("Scores and complaints") + "<style>" + std::string(style) + "</style>";
  drawn += svg_text("t", svg_number(left), "20", "Complained connections by score");
  drawn += svg_text("n", svg_number(left), "36",
                    grouped(calibration.complained) + " of " + grouped(calibration.connections) +
                        " connections that brought mail; the thin lines are 95 % intervals");
  if (!calibration.bins.empty()) drawn += draw_plots(calibration);
  return drawn + "</svg>\n";
}

}  // namespace tecs
