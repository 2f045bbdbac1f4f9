// The version of a verdict store in SQLite, and how a store that an older version of TECS made gets the
// tables of this one.
#pragma once

#include <cstdint>
#include <string>

#include "tecs/error.hpp"
#include "verdicts/sql_database.hpp"
#include "verdicts/sqlite_connection.hpp"

namespace tecs {

// The version (store_schema.hpp) of the store in this file; 0: the file is empty. Changes nothing. Fails with
// io_error when a newer version made it, or another program.
[[nodiscard]] Expected<std::int64_t> read_schema_version(SqliteConnection& connection,
                                                         const std::string& file);

class SqliteDatabase;

// Makes the tables of an empty file, or adds what an older version's lack and counts the verdicts that are
// there; all or nothing, and nothing when another connection was faster. Programs of the older version that
// have the store open go on writing to it, but what they write from then on is in no count. Returns how many
// verdicts cannot be read, as nothing that TECS wrote: they stay, and are counted nowhere.
[[nodiscard]] Expected<std::uint64_t> create_or_migrate(SqliteDatabase& database, const std::string& file);

// Whether it is of an older version and has verdicts. Changes nothing.
[[nodiscard]] Expected<bool> is_former_store(SqliteConnection& connection, const std::string& file);

}  // namespace tecs
