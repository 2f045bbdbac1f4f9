#include "verdicts/verdict_store.hpp"

#include "verdicts/postgres_verdict_store.hpp"
#include "verdicts/sqlite_verdict_store.hpp"

namespace tecs {

Expected<std::unique_ptr<VerdictStore>> open_verdict_store(const StoreName& name, StoreMode mode) {
  const auto* const file = std::get_if<StoreName::SqliteFile>(&name.place());
  if (file == nullptr) return PostgresVerdictStore::open(name, mode);
  return SqliteVerdictStore::open(file->path, mode);
}

}  // namespace tecs
