// The few elements of SVG that the charts are made of.
#pragma once

#include <string>
#include <string_view>

namespace tecs {

// Without unit: pixels. "12.5%": of the chart's width or height.
[[nodiscard]] std::string svg_number(double number);
[[nodiscard]] std::string svg_percent(double share);

// Plain value.
struct SvgBox {
  std::string x;
  std::string y;
  std::string width;
  std::string height;
};

[[nodiscard]] std::string svg_rectangle(std::string_view style, const SvgBox& box);
[[nodiscard]] std::string svg_line(std::string_view style, std::string_view x1, std::string_view y1,
                                   std::string_view x2, std::string_view y2);
// text: not yet escaped, as the next.
[[nodiscard]] std::string svg_text(std::string_view style, std::string_view x, std::string_view y,
                                   std::string_view text);
// What a person sees who points at the element that holds it.
[[nodiscard]] std::string svg_title(std::string_view text);

}  // namespace tecs
