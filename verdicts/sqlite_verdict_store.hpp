// Verdicts in an SQLite file: one table, a row a connection.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "verdicts/sqlite_connection.hpp"
#include "verdicts/verdict_store.hpp"

namespace tecs {

struct SqliteStoreOptions {
  std::chrono::milliseconds busy_timeout{5'000};  // how long another writer is waited for
};

// The journal is a write-ahead log, so that readers and the writer do not wait for each other, and each
// transaction is synced to disk. A store that an older version made is brought to this one's tables (see
// sqlite_schema.hpp) when it is opened for writing; read only it is read as it is.
class SqliteVerdictStore final : public VerdictStore {
 public:
  // As open_verdict_store(), for the part after "sqlite:".
  [[nodiscard]] static Expected<std::unique_ptr<VerdictStore>> open(const std::string& file, StoreMode mode,
                                                                    const SqliteStoreOptions& options = {});

  [[nodiscard]] Expected<void> write(std::span<const Verdict> verdicts) override;
  [[nodiscard]] Expected<void> select(const VerdictQuery& query,
                                      const std::function<bool(const Verdict&)>& visit) override;

 private:
  SqliteVerdictStore(SqliteConnection connection, std::optional<SqliteStatement> insert) noexcept
      : connection_(std::move(connection)), insert_(std::move(insert)) {}
  [[nodiscard]] Expected<void> insert(std::span<const Verdict> verdicts);

  SqliteConnection connection_;
  std::optional<SqliteStatement> insert_;  // absent when read only
};

}  // namespace tecs
