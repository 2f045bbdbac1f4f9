#include "tools/report_number.hpp"

#include <array>
#include <charconv>
#include <cstddef>
#include <iterator>

namespace tecs {
namespace {

// A line does not break between a number and its unit.
constexpr std::string_view space = "\u00a0";
constexpr std::string_view percent = "\u00a0%";

std::string decimal(double number, int digits) {
  std::array<char, 400> text{};
  const auto written = std::to_chars(text.begin(), text.end(), number, std::chars_format::fixed, digits);
  return {text.data(), written.ptr};
}

// "1.5", but "20" and "3".
std::string brief(double number) {
  std::string text = decimal(number, number < 10 ? 1 : 0);
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text;
}

struct Unit {
  double size;
  std::string_view name;
};

}  // namespace

std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t place = text.size(); place > 3;) text.insert(place -= 3, 1, ',');
  return text;
}

std::string counted(std::uint64_t number, std::string_view one, std::string_view several) {
  return grouped(number).append(" ").append(number == 1 ? one : several);
}

std::string short_count(std::uint64_t number) {
  constexpr std::array units{Unit{1e12, "T"}, Unit{1e9, "G"}, Unit{1e6, "M"}, Unit{1e3, "k"}};
  for (const Unit& unit : units) {
    const auto amount = static_cast<double>(number) / unit.size;
    if (amount >= 1) return brief(amount).append(unit.name);
  }
  return std::to_string(number);
}

std::string percentage(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return "–";
  if (part == 0) return std::string("0").append(percent);
  if (part >= whole) return std::string("100").append(percent);
  std::string text = decimal(100.0 * static_cast<double>(part) / static_cast<double>(whole), 1);
  if (text == "0.0") return std::string("<").append(space).append("0.1").append(percent);
  if (text == "100.0") return std::string(">").append(space).append("99.9").append(percent);
  return text.append(percent);
}

std::string short_time(double microseconds) {
  constexpr std::array units{Unit{3600e6, "h"}, Unit{60e6, "min"}, Unit{1e6, "s"}, Unit{1e3, "ms"}};
  for (const Unit& unit : units) {
    // What would be rounded to a thousand of the smaller unit is one of this.
    const double amount = microseconds / unit.size;
    if (amount >= 0.9995) return brief(amount).append(space).append(unit.name);
  }
  return brief(microseconds).append(space).append("µs");
}

std::string signed_number(std::int64_t number) {
  return number < 0 ? "−" + std::to_string(-number) : std::to_string(number);
}

}  // namespace tecs
