// Verdicts in an SQLite file: a row a connection, and what they are counted in.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "verdicts/batch_counting.hpp"
#include "verdicts/sqlite_connection.hpp"
#include "verdicts/sqlite_database.hpp"
#include "verdicts/verdict_store.hpp"

namespace tecs {

struct SqliteStoreOptions {
  std::chrono::milliseconds busy_timeout{5'000};  // how long another writer is waited for
  bool forward = false;                           // each verdict's id goes into the table forward_queue too
};

class SqliteVerdictStore final : public VerdictStore {
 public:
  // As open_verdict_store(), for the part after "sqlite:". Read only, a store of an older version serves too.
  [[nodiscard]] static Expected<std::unique_ptr<VerdictStore>> open(const std::string& file, StoreMode mode,
                                                                    const SqliteStoreOptions& options = {});

  [[nodiscard]] Expected<void> write(std::span<const Verdict> verdicts) override;
  [[nodiscard]] Expected<void> select(const VerdictQuery& query,
                                      const std::function<bool(const Verdict&)>& visit) override;

 private:
  // A statement goes before its connection does.
  struct Writing {
    SqliteStatement insert;
    std::optional<SqliteStatement> enqueue;  // absent when nothing is forwarded
  };
  SqliteVerdictStore(std::unique_ptr<SqliteDatabase> database, std::optional<Writing> writing) noexcept
      : database_(std::move(database)), writing_(std::move(writing)) {}
  [[nodiscard]] Expected<bool> insert(const Verdict& verdict);
  [[nodiscard]] Expected<void> insert_and_count(std::span<const Verdict> verdicts);

  std::unique_ptr<SqliteDatabase> database_;
  std::optional<Writing> writing_;  // absent when read only
  BatchCounting counting_;
  std::vector<const Verdict*> fresh_;  // of the batch, those that were not in the store
};

}  // namespace tecs
