#include "verdicts/verdict_database.hpp"

#include "verdicts/postgres_database.hpp"
#include "verdicts/sqlite_database.hpp"
#include "verdicts/store_schema.hpp"

namespace tecs {
namespace {

constexpr std::chrono::seconds busy_timeout{5};

Expected<std::unique_ptr<SqlDatabase>> open_sqlite(const std::string& file, StoreMode mode) {
  auto database = SqliteDatabase::open(file, mode, busy_timeout);
  if (!database) return tl::unexpected(database.error());
  if ((*database)->version() < store_schema_version) {
    return failure(Reason::io_error,
                   file +
                       ": made by an older version of TECS; it is brought up to date when tecs-milter "
                       "starts with it, or by \"tecs verdicts prune --migrate\"");
  }
  return std::move(*database);
}

}  // namespace

Expected<std::unique_ptr<SqlDatabase>> open_verdict_database(const StoreName& name, StoreMode mode) {
  const auto* const file = std::get_if<StoreName::SqliteFile>(&name.place());
  if (file == nullptr) return PostgresDatabase::open(name, mode);
  return open_sqlite(file->path, mode);
}

}  // namespace tecs
