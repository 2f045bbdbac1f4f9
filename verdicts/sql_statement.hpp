// A statement that is put together from conditions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "verdicts/sql_database.hpp"

namespace tecs {

// A domain as the store has it: in lower case.
[[nodiscard]] std::string stored_domain(std::string domain);

// Plain value: what SqlDatabase::query() takes.
struct SqlStatement {
  std::string text;
  std::vector<SqlValue> values{};

  // Returns what stands for it in the text: "$1", ...
  [[nodiscard]] std::string add(SqlValue value);
  // " AND column = value"; nothing is asked for when it is empty.
  void require(const char* column, const std::optional<std::string>& value);
  // Of a column with the name of a domain, which the store has in lower case; an index on it may leave out
  // connections without one.
  void require_domain(const char* column, const std::optional<std::string>& domain);
};

}  // namespace tecs
