#include "tools/verdict_csv.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

#include "tools/plain_text.hpp"
#include "verdicts/verdict_fields.hpp"

namespace tecs {
namespace {

std::string csv_field(std::string_view octets) {
  std::string text = plain_text(octets);
  if (text.find_first_of("=+-@") == 0) text.insert(0, "'");
  if (text.find_first_of("\", ") == std::string::npos) return text;
  // RFC 4180 section 2, rules 6 and 7.
  std::string quoted = "\"";
  for (const char character : text) {
    if (character == '"') quoted += '"';
    quoted += character;
  }
  return quoted + '"';
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
std::string csv_line(TextOf text_of_field) {
  std::string line;
  for_each_field([&](const auto& field) { line += text_of_field(field) + ","; });
  line.back() = '\r';
  return line + '\n';
}

}  // namespace

std::string csv_heading() {
  return csv_line([](const auto& field) { return std::string(field.name); });
}

std::string format_csv(const Verdict& verdict) {
  return csv_line([&](const auto& field) { return csv_field(encode_field(verdict.*(field.member))); });
}

}  // namespace tecs
