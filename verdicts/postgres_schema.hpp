// The tables of a verdict store in PostgreSQL. Tables of other names in the same database are left alone.
#pragma once

#include <string>

#include "tecs/error.hpp"
#include "verdicts/sql_database.hpp"

namespace tecs {

// For reading: the store is there, and of this version. name: for sentences. Fails with io_error.
[[nodiscard]] Expected<void> check_postgres_schema(SqlDatabase& database, const std::string& name);

// Whether there is a store of an older version, which takes long to bring up to date. Fails with io_error.
[[nodiscard]] Expected<bool> is_former_postgres_store(SqlDatabase& database, const std::string& name);

// For writing: makes the tables, or adds what an older version's lack; all or nothing. Programs that do it at
// the same time wait for each other. A store of this version is only looked at, which needs no right to make
// tables. Fails with io_error, also when a newer version made the store, or when a table that is not TECS's
// has a name of its.
[[nodiscard]] Expected<void> create_or_migrate_postgres_schema(SqlDatabase& database,
                                                               const std::string& name);

}  // namespace tecs
