#include "verdicts/postgres_parameter.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <type_traits>

#include "verdicts/postgres_text.hpp"

namespace tecs {
namespace {

// PostgreSQL's catalog, pg_type.dat: these never change.
constexpr std::uint32_t int8_type = 20;
constexpr std::uint32_t text_type = 25;
constexpr std::uint32_t float8_type = 701;

std::string shortest_text(double number) {
  if (std::isinf(number)) return number > 0 ? "Infinity" : "-Infinity";
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  return {digits.data(), end};
}

}  // namespace

PostgresParameter encode_parameter(const SqlValue& value) {
  return std::visit(
      [](const auto& given) -> PostgresParameter {
        using Given = std::decay_t<decltype(given)>;
        if constexpr (std::is_same_v<Given, std::int64_t>) return {int8_type, std::to_string(given)};
        if constexpr (std::is_same_v<Given, std::string>) return {text_type, postgres_text(given)};
        if constexpr (std::is_same_v<Given, double>) {
          if (!std::isnan(given)) return {float8_type, shortest_text(given)};
          return {float8_type, std::nullopt};
        }
        return {};
      },
      value);
}

std::int64_t decode_integer(std::string_view text) noexcept {
  if (text == "t") return 1;
  std::int64_t number = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  if (parsed.ec != std::errc::result_out_of_range) return number;
  return text.front() == '-' ? std::numeric_limits<std::int64_t>::min()
                             : std::numeric_limits<std::int64_t>::max();
}

double decode_real(std::string_view text) noexcept {
  if (text == "t") return 1;
  double number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace tecs
