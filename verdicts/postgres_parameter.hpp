// What goes into and comes out of PostgreSQL's statements: numbers as text that reads back as the same
// number.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "verdicts/sql_database.hpp"

namespace tecs {

// Plain value.
struct PostgresParameter {
  std::uint32_t type = 0;             // pg_type.oid; 0: whatever stands beside it
  std::optional<std::string> text{};  // empty: null

  friend bool operator==(const PostgresParameter&, const PostgresParameter&) = default;
};

// A text is made fit (postgres_text.hpp). What is not a number (NaN) becomes null, as in SQLite. Any thread.
[[nodiscard]] PostgresParameter encode_parameter(const SqlValue& value);

// The way back, of a column that came as this text: of any type of numbers, or a boolean as 1 or 0. A sum
// that no 64 bits hold becomes the nearest that they do; a fraction is cut off; a text that is none gives 0.
[[nodiscard]] std::int64_t decode_integer(std::string_view text) noexcept;
[[nodiscard]] double decode_real(std::string_view text) noexcept;

}  // namespace tecs
