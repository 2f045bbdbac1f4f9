#include "verdicts/sql_statement.hpp"

#include <algorithm>
#include <utility>

namespace tecs {

std::string stored_domain(std::string domain) {
  std::ranges::transform(domain, domain.begin(), [](char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter;
  });
  return domain;
}

std::string SqlStatement::add(SqlValue value) {
  values.push_back(std::move(value));
  return "$" + std::to_string(values.size());
}

void SqlStatement::require(const char* column, const std::optional<std::string>& value) {
  if (value) text += std::string(" AND ") + column + " = " + add(*value);
}

void SqlStatement::require_domain(const char* column, const std::optional<std::string>& domain) {
  if (!domain) return;
  if (!domain->empty()) text += std::string(" AND ") + column + " <> ''";
  require(column, stored_domain(*domain));
}

}  // namespace tecs
