#include "verdicts/prune_slice.hpp"

#include "verdicts/pruned_times.hpp"

namespace tecs {

Expected<void> prune_alone(SqlDatabase& database, const std::function<Expected<void>()>& body) {
  static const std::string lock(postgres_lock_to_prune);
  return database.transaction([&] {
    // SQLite has one writer at a time.
    if (database.dialect() == SqlDialect::sqlite) return body();
    return database.execute(lock).and_then(body);
  });
}

Expected<std::vector<std::string>> first_texts(SqlDatabase& database, const std::string& sql,
                                               std::span<const SqlValue> values, int columns) {
  std::vector<std::string> texts;
  const auto read = database.query(sql, values, [&](const SqlRow& row) {
    for (int column = 0; column < columns; ++column) texts.emplace_back(row.text(column));
    return false;
  });
  if (!read) return tl::unexpected(read.error());
  return texts;
}

}  // namespace tecs
