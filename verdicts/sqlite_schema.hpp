// The tables of a verdict store in SQLite, and how a store that an older version of TECS made gets those of
// this one.
#pragma once

#include <cstdint>
#include <string>

#include "tecs/error.hpp"
#include "verdicts/sqlite_connection.hpp"

namespace tecs {

// In PRAGMA user_version.
//   1: verdicts
//   2: epoch, reputation, reputation_source, score, symbols, action and mode of a verdict; the table
//   reputation
inline constexpr std::int64_t sqlite_schema_version = 2;

// The statements that make a new store, for tests and for whoever wants to know the columns.
[[nodiscard]] std::string sqlite_schema();

// The version of the store in this file; 0: the file is empty. Changes nothing. Fails with io_error when a
// newer version made it, or another program.
[[nodiscard]] Expected<std::int64_t> read_schema_version(SqliteConnection& connection,
                                                         const std::string& file);

// Makes the tables of an empty file, or adds what an older version's lack; all or nothing, and nothing when
// another connection was faster. Programs of the older version that have the store open go on writing to it.
[[nodiscard]] Expected<void> create_or_migrate(SqliteConnection& connection, const std::string& file);

}  // namespace tecs
