// A verdict store in an SQLite file, as a database.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "verdicts/sql_database.hpp"
#include "verdicts/sqlite_connection.hpp"
#include "verdicts/verdict_database.hpp"

namespace tecs {

// The journal is a write-ahead log, so that readers and the writer do not wait for each other, and each
// transaction is synced to disk. A store that an older version made is brought to this one's tables (see
// sqlite_schema.hpp) when it is opened for writing; read only it is left as it is.
class SqliteDatabase final : public SqlDatabase {
 public:
  // busy_timeout: how long another writer is waited for. Fails as open_verdict_database(), but opens a store
  // of an older version for reading too: see version().
  [[nodiscard]] static Expected<std::unique_ptr<SqliteDatabase>> open(const std::string& file, StoreMode mode,
                                                                      std::chrono::milliseconds busy_timeout);

  // Of the store when it was opened.
  [[nodiscard]] std::int64_t version() const noexcept { return version_; }
  // Verdicts that could not be read when it was brought up to date, and so are in no count; 0 when it was
  // not.
  [[nodiscard]] std::uint64_t uncounted() const noexcept { return uncounted_; }
  // For statements that are bound by position.
  [[nodiscard]] SqliteConnection& connection() noexcept { return connection_; }

  [[nodiscard]] SqlDialect dialect() const noexcept override { return SqlDialect::sqlite; }
  [[nodiscard]] Expected<void> execute(const std::string& sql) override;
  [[nodiscard]] Expected<std::uint64_t> change(const std::string& sql,
                                               std::span<const SqlValue> values = {}) override;
  [[nodiscard]] Expected<void> query(const std::string& sql, std::span<const SqlValue> values,
                                     const std::function<bool(const SqlRow&)>& visit) override;
  // Read only, it sees one state of the store throughout.
  [[nodiscard]] Expected<void> transaction(const std::function<Expected<void>()>& body) override;

 private:
  struct Prepared {
    SqliteStatement statement;
    std::vector<std::size_t> values;  // by parameter: which value it stands for
  };
  SqliteDatabase(SqliteConnection connection, StoreMode mode) noexcept
      : connection_(std::move(connection)), mode_(mode) {}
  [[nodiscard]] Expected<void> prepare_file(const std::string& file);
  [[nodiscard]] Expected<Prepared*> prepare(const std::string& sql, std::span<const SqlValue> values);

  SqliteConnection connection_;
  StoreMode mode_;
  std::int64_t version_ = 0;
  std::uint64_t uncounted_ = 0;
  std::unordered_map<std::string, Prepared> prepared_;  // goes before the connection does
};

}  // namespace tecs
