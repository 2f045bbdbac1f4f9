#include "verdicts/store_schema.hpp"

#include <gtest/gtest.h>

#include <set>

namespace tecs {
namespace {

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST(StoreSchema, DescribesEveryFieldOfAVerdict) {
  const SchemaTable& verdicts = store_tables().front();
  ASSERT_EQ(verdicts.name, "verdicts");
  std::vector<std::string_view> names;
  for (const SchemaColumn& column : verdicts.columns) names.push_back(column.name);
  std::vector<std::string_view> want;
  for_each_field([&](const auto& field) { want.push_back(field.name); });
  EXPECT_EQ(names, want);
}

TEST(StoreSchema, HasOneThingOfEachName) {
  std::set<std::string_view> names;
  for (const SchemaTable& table : store_tables()) {
    EXPECT_TRUE(names.insert(table.name).second) << table.name;
    EXPECT_LE(table.since, store_schema_version) << table.name;
    for (const SchemaIndex& index : table.indices) {
      EXPECT_TRUE(names.insert(index.name).second) << index.name;
      EXPECT_LE(index.since, store_schema_version) << index.name;
    }
    for (const SchemaColumn& column : table.columns) {
      EXPECT_GE(column.since, table.since) << table.name << "." << column.name;
      EXPECT_LE(column.since, store_schema_version) << table.name << "." << column.name;
    }
  }
}

TEST(StoreSchema, SpeaksToEachEngineInItsTypes) {
  const std::string sqlite = create_statements(SqlDialect::sqlite);
  EXPECT_TRUE(contains(sqlite,
                       "CREATE TABLE reputation (domain TEXT NOT NULL, state TEXT NOT NULL, reason TEXT NOT "
                       "NULL, time TEXT NOT NULL, number REAL NOT NULL DEFAULT 0, organizational INTEGER NOT "
                       "NULL DEFAULT 0, PRIMARY KEY (domain)) STRICT, WITHOUT ROWID;"))
      << sqlite;
  EXPECT_TRUE(contains(sqlite, "CREATE TABLE forward_queue"));
  EXPECT_TRUE(sqlite.ends_with("PRAGMA user_version = 4;")) << sqlite;

  const std::string postgresql = create_statements(SqlDialect::postgresql);
  EXPECT_TRUE(contains(
      postgresql,
      "CREATE TABLE reputation (domain TEXT COLLATE \"C\" NOT NULL, state TEXT COLLATE \"C\" NOT NULL, "
      "reason TEXT COLLATE \"C\" NOT NULL, time TEXT COLLATE \"C\" NOT NULL, number DOUBLE PRECISION "
      "NOT NULL DEFAULT 0, organizational BIGINT NOT NULL DEFAULT 0, PRIMARY KEY (domain));"))
      << postgresql;
  EXPECT_TRUE(contains(postgresql, "arrival BIGINT GENERATED ALWAYS AS IDENTITY"));
  EXPECT_FALSE(contains(postgresql, "forward_queue")) << "what is there has been forwarded";
  EXPECT_FALSE(contains(postgresql, "STRICT"));
}

TEST(StoreSchema, MigratesByAddingOnly) {
  const std::string first = migration_statements(SqlDialect::sqlite, 1);
  EXPECT_TRUE(contains(first, "ALTER TABLE verdicts ADD COLUMN score REAL;")) << first;
  EXPECT_TRUE(contains(first, "ALTER TABLE verdicts ADD COLUMN client_network TEXT NOT NULL DEFAULT '';"));
  EXPECT_TRUE(contains(first, "CREATE TABLE reputation "));
  EXPECT_FALSE(contains(first, "CREATE TABLE verdicts "));
  EXPECT_FALSE(contains(first, "verdicts_by_time"));

  const std::string second = migration_statements(SqlDialect::sqlite, 2);
  EXPECT_FALSE(contains(second, "ADD COLUMN score"));
  EXPECT_TRUE(contains(second, "ALTER TABLE reputation ADD COLUMN number REAL NOT NULL DEFAULT 0;"))
      << second;
  EXPECT_TRUE(contains(second, "CREATE TABLE verdicts_hourly "));

  const std::string third = migration_statements(SqlDialect::sqlite, 3);
  EXPECT_TRUE(contains(third, "CREATE TABLE verdicts_monthly ")) << third;
  EXPECT_TRUE(contains(third, "CREATE TABLE batch_counts "));
  EXPECT_FALSE(contains(third, "verdicts_daily_by_domain"));
  EXPECT_EQ(migration_statements(SqlDialect::sqlite, 4), "PRAGMA user_version = 4;");
}

}  // namespace
}  // namespace tecs
