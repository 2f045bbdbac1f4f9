// The tables of a verdict store: one description, from which come the statements that make them in each
// engine and those that bring a store of an older version to this one.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "verdicts/sql_database.hpp"
#include "verdicts/verdict_fields.hpp"

namespace tecs {

// SQLite keeps it in PRAGMA user_version, PostgreSQL in the one row of the table tecs_schema.
//   1: verdicts
//   2: epoch, reputation, reputation_source, score, symbols, action and mode of a verdict; the table
//   reputation
//   3: client_network and key_record of a verdict; number and organizational of a reputation; all other
//   tables. The first version in PostgreSQL.
//   4: verdicts_monthly and batch_counts; last of a known domain is a day; pruned is called pruned_times
inline constexpr std::int64_t store_schema_version = 4;
inline constexpr std::int64_t first_version_that_counted = 3;

struct SchemaColumn {
  std::string_view name;
  FieldType type = FieldType::text;
  bool can_be_null = false;
  std::int64_t since = 3;  // the version that brought it
};

struct SchemaIndex {
  std::string_view name;
  std::string_view columns;
  std::string_view condition{};  // empty: all rows are in it
  std::int64_t since = 3;
};

struct SchemaTable {
  std::string_view name;
  std::vector<SchemaColumn> columns;
  std::string_view primary_key;  // columns, separated by ", "
  std::vector<SchemaIndex> indices{};
  std::int64_t since = 3;
  // SQLite finds a row by a number of its own, else by the primary key alone.
  bool has_row_number = false;
};

// Those that both engines have, in the order in which they are made. Static.
[[nodiscard]] const std::vector<SchemaTable>& store_tables();

// Makes an empty store of this version: tables, indices, the version's number.
[[nodiscard]] std::string create_statements(SqlDialect dialect);

// Adds what a store of an older version lacks, and sets the number. What has to be counted anew from the
// verdicts is not in it.
[[nodiscard]] std::string migration_statements(SqlDialect dialect, std::int64_t from);

}  // namespace tecs
