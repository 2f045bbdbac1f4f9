#include "tools/verdict_csv.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "tools/csv_line.hpp"
#include "verdicts/verdict_fields.hpp"

namespace tecs {
namespace {

std::string csv_field(std::string_view octets) {
  return csv_text(octets);
}
std::string csv_field(bool value) {
  return value ? "true" : "false";
}
std::string csv_field(std::int64_t value) {
  return std::to_string(value);
}
std::string csv_field(const std::optional<std::int64_t>& value) {
  return value ? std::to_string(*value) : "";
}
std::string csv_field(const std::optional<double>& value) {
  if (!value) return "";
  std::array<char, 32> digits{};  // the shortest that is read as the same number takes 24 at most
  const auto written = std::to_chars(digits.begin(), digits.end(), *value);
  return {digits.data(), written.ptr};
}

template <typename TextOf>
std::string line_of(TextOf text_of_field) {
  std::vector<std::string> fields;
  for_each_field([&](const auto& field) { fields.push_back(text_of_field(field)); });
  return csv_line(fields);
}

}  // namespace

std::string csv_heading() {
  return line_of([](const auto& field) { return std::string(field.name); });
}

std::string format_csv(const Verdict& verdict) {
  return line_of([&](const auto& field) { return csv_field(encode_field(verdict.*(field.member))); });
}

}  // namespace tecs
