#include "verdicts/postgres_schema.hpp"

#include <cstdint>
#include <optional>

#include "verdicts/store_schema.hpp"

namespace tecs {
namespace {

// "TECS" and what it is for, so that no other program's lock is the same by accident.
constexpr const char* lock_schema = "SELECT pg_advisory_xact_lock(1413825363, 1935894637)";

// to_regclass() would answer from what the server's process knew before it waited for the lock.
constexpr const char* table_exists =
    "SELECT count(*) FROM pg_catalog.pg_class "
    "WHERE relname = 'tecs_schema' AND pg_catalog.pg_table_is_visible(oid)";

template <typename Read>
Expected<void> first_row(SqlDatabase& database, const std::string& sql, Read read) {
  return database.query(sql, {}, [&](const SqlRow& row) {
    read(row);
    return false;
  });
}

// 0: there is no store.
Expected<std::int64_t> read_version(SqlDatabase& database, const std::string& name) {
  bool exists = false;
  std::optional<std::int64_t> version;
  auto read = first_row(database, table_exists, [&](const SqlRow& row) { exists = row.integer(0) > 0; });
  if (read && exists) {
    read = first_row(database, "SELECT version FROM tecs_schema",
                     [&](const SqlRow& row) { version = row.integer(0); });
  }
  if (!read) return tl::unexpected(read.error());
  if (!exists) return 0;
  if (!version || *version < 1)
    return failure(Reason::io_error, name + ": its table tecs_schema has no version");
  if (*version > store_schema_version) {
    return failure(Reason::io_error, name + ": made by a newer version of TECS (its tables have version " +
                                         std::to_string(*version) + ", this program knows " +
                                         std::to_string(store_schema_version) + ")");
  }
  return *version;
}

// In another encoding the server would refuse a verdict for a letter that it cannot write.
Expected<void> check_encoding(SqlDatabase& database, const std::string& name) {
  std::string encoding;
  auto read = first_row(database, "SELECT current_setting('server_encoding')",
                        [&](const SqlRow& row) { encoding = row.text(0); });
  if (!read || encoding == "UTF8") return read;
  return failure(Reason::io_error, name + ": the database has the encoding " + encoding +
                                       "; verdicts need one that was made with ENCODING 'UTF8'");
}

Expected<void> bring_up_to_date(SqlDatabase& database, const std::string& name) {
  return database.execute(lock_schema)
      .and_then([&] { return read_version(database, name); })
      .and_then([&](std::int64_t version) -> Expected<void> {
        if (version == store_schema_version) return {};
        if (version > 0) return database.execute(migration_statements(SqlDialect::postgresql, version));
        return check_encoding(database, name).and_then([&] {
          return database.execute(create_statements(SqlDialect::postgresql));
        });
      });
}

}  // namespace

Expected<void> check_postgres_schema(SqlDatabase& database, const std::string& name) {
  return read_version(database, name).and_then([&](std::int64_t version) -> Expected<void> {
    if (version == store_schema_version) return {};
    if (version == 0) return failure(Reason::io_error, name + ": no verdict store is in this database");
    return failure(Reason::io_error,
                   name +
                       ": made by an older version of TECS; it is brought up to date when tecs-milter "
                       "starts with it, or by \"tecs verdicts prune --migrate\"");
  });
}

Expected<bool> is_former_postgres_store(SqlDatabase& database, const std::string& name) {
  return read_version(database, name).map([](std::int64_t version) {
    return version > 0 && version < store_schema_version;
  });
}

Expected<void> create_or_migrate_postgres_schema(SqlDatabase& database, const std::string& name) {
  return read_version(database, name).and_then([&](std::int64_t version) -> Expected<void> {
    if (version == store_schema_version) return {};
    return database.transaction([&] { return bring_up_to_date(database, name); });
  });
}

}  // namespace tecs
