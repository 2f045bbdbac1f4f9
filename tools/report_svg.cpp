#include "tools/report_svg.hpp"

#include <array>
#include <charconv>

#include "tools/report_text.hpp"

namespace tecs {
namespace {

std::string attribute(std::string_view name, std::string_view value) {
  return std::string(" ").append(name).append("=\"").append(value).append("\"");
}

}  // namespace

std::string svg_number(double number) {
  std::array<char, 400> digits{};
  const auto written =
      std::to_chars(digits.begin(), digits.end(), number, std::chars_format::fixed, /*precision=*/2);
  std::string text(digits.data(), written.ptr);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text == "-0" ? "0" : text;
}

std::string svg_percent(double share) {
  return svg_number(100 * share) + "%";
}

std::string svg_rectangle(std::string_view style, const SvgBox& box) {
  return "<rect" + attribute("class", style) + attribute("x", box.x) + attribute("y", box.y) +
         attribute("width", box.width) + attribute("height", box.height) + "/>";
}

std::string svg_line(std::string_view style, std::string_view x1, std::string_view y1, std::string_view x2,
                     std::string_view y2) {
  return "<line" + attribute("class", style) + attribute("x1", x1) + attribute("y1", y1) +
         attribute("x2", x2) + attribute("y2", y2) + "/>";
}

std::string svg_text(std::string_view style, std::string_view x, std::string_view y, std::string_view text) {
  return "<text" + attribute("class", style) + attribute("x", x) + attribute("y", y) + ">" + html_text(text) +
         "</text>";
}

std::string svg_title(std::string_view text) {
  return "<title>" + html_text(text) + "</title>";
}

}  // namespace tecs
