#include "verdicts/verdict_by_id.hpp"

#include <array>
#include <optional>

#include "verdicts/verdict_store_select.hpp"

namespace tecs {

Expected<std::vector<Verdict>> find_verdicts_by_id(SqlDatabase& database, std::string_view beginning,
                                                   std::size_t limit) {
  // A range and no LIKE, which the index of the primary key would not serve in every engine. What follows the
  // beginning in an id is a digit, a letter up to f or a hyphen.
  const std::array<SqlValue, 3> values{std::string(beginning), std::string(beginning) + "g",
                                       static_cast<std::int64_t>(limit)};
  std::vector<Verdict> found;
  std::optional<Error> wrong;
  const auto asked = database.query(
      "SELECT " + verdict_columns() + " FROM verdicts WHERE id >= $1 AND id < $2 ORDER BY id LIMIT $3",
      values, [&](const SqlRow& row) {
        auto verdict = read_verdict(row);
        if (verdict) {
          found.push_back(*std::move(verdict));
        } else {
          wrong = verdict.error();
        }
        return !wrong;
      });
  if (!asked) return tl::unexpected(asked.error());
  if (wrong) return tl::unexpected(*wrong);
  return found;
}

Expected<std::set<std::string>> find_known_ids(SqlDatabase& database, std::span<const Verdict> verdicts) {
  std::set<std::string> found;
  if (verdicts.empty()) return found;
  std::string statement = "SELECT id FROM verdicts WHERE id IN (";
  std::vector<SqlValue> values;
  for (const Verdict& verdict : verdicts) {
    values.emplace_back(verdict.id);
    statement += (values.size() == 1 ? "$" : ", $") + std::to_string(values.size());
  }
  return database
      .query(statement + ")", values,
             [&](const SqlRow& row) {
               found.emplace(row.text(0));
               return true;
             })
      .map([&] { return std::move(found); });
}

}  // namespace tecs
