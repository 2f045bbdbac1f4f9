// What is SQLite's own; what holds for both engines is in sql_database_test.cpp.
#include "verdicts/sqlite_database.hpp"

#include <gtest/gtest.h>

#include <array>
#include <stdexcept>

#include "unit/verdicts/sqlite_file.hpp"
#include "unit/verdicts/temporary_directory.hpp"
#include "verdicts/store_schema.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;

class SqliteDatabaseFile : public testing::Test {
 protected:
  std::unique_ptr<SqliteDatabase> open(StoreMode mode = StoreMode::read_write) const {
    auto database = SqliteDatabase::open(file, mode, 50ms);
    EXPECT_TRUE(database) << database.error().sentence;
    return database ? std::move(*database) : nullptr;
  }
  static std::int64_t zones(SqlDatabase& database) {
    std::int64_t count = -1;
    const auto read = database.query("SELECT COUNT(*) FROM published_zones", {}, [&](const SqlRow& row) {
      count = row.integer(0);
      return true;
    });
    EXPECT_TRUE(read) << read.error().sentence;
    return count;
  }

  static constexpr const char* insert =
      "INSERT INTO published_zones (zone, serial, time) VALUES ('a', 1, '')";
  test::TemporaryDirectory directory;
  const std::string file = directory.file("verdicts.db");
};

TEST_F(SqliteDatabaseFile, HasTheVersionOfThisProgram) {
  EXPECT_EQ(open()->version(), store_schema_version);
  EXPECT_EQ(open(StoreMode::read_only)->version(), store_schema_version);
}

TEST_F(SqliteDatabaseFile, AReadersTransactionSeesOneState) {
  auto writer = open();
  auto reader = open(StoreMode::read_only);
  ASSERT_TRUE(reader->transaction([&]() -> Expected<void> {
    EXPECT_EQ(zones(*reader), 0);
    EXPECT_TRUE(writer->execute(insert)) << "nor does it lock the writer out";
    EXPECT_EQ(zones(*reader), 0);
    return {};
  }));
  EXPECT_EQ(zones(*reader), 1);
}

TEST_F(SqliteDatabaseFile, AWritersTransactionTakesTheLockAtOnce) {
  auto writer = open();
  auto other = open();
  ASSERT_TRUE(writer->transaction([&]() -> Expected<void> {
    const auto refused = other->transaction([]() -> Expected<void> {
      ADD_FAILURE() << "it has the lock too";
      return {};
    });
    EXPECT_FALSE(refused);
    return {};
  }));
  EXPECT_TRUE(other->execute(insert));
}

TEST_F(SqliteDatabaseFile, AnExceptionLeavesNoTransactionOpen) {
  auto writer = open();
  EXPECT_THROW((void)writer->transaction([&]() -> Expected<void> {
    EXPECT_TRUE(writer->execute(insert));
    throw std::runtime_error("a bug");
  }),
               std::runtime_error);
  EXPECT_EQ(zones(*writer), 0);
  EXPECT_TRUE(open()->execute(insert)) << "nor a lock";
}

TEST_F(SqliteDatabaseFile, AQueryThatIsLeftEarlyKeepsNoLock) {
  auto writer = open();
  ASSERT_TRUE(writer->execute("INSERT INTO published_zones VALUES ('a', 1, ''), ('b', 2, '')"));
  ASSERT_TRUE(writer->query("SELECT zone FROM published_zones", {}, [](const SqlRow&) { return false; }));
  EXPECT_THROW((void)writer->query("SELECT zone FROM published_zones", {},
                                   [](const SqlRow&) -> bool { throw std::runtime_error("a bug"); }),
               std::runtime_error);
  test::SqliteFile(file).execute("DROP TABLE published_zones");  // which nobody may be reading
}

TEST_F(SqliteDatabaseFile, RefusesStatementsWithOtherParameters) {
  auto database = open();
  const std::array<SqlValue, 1> one{std::int64_t{1}};
  for (const std::string number : {"?", ":x", "$x", "$0", "$1x"}) {
    const auto refused = database->change("DELETE FROM published_zones WHERE serial = " + number, one);
    ASSERT_FALSE(refused) << number;
    EXPECT_EQ(refused.error().sentence, "a parameter of a statement is not one of $1, $2, ...") << number;
  }
  const std::string two = "DELETE FROM published_zones WHERE serial = $1 OR serial = $2";
  const auto refused = database->change(two, one);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().sentence, "a statement has more parameters than it was given values");
  EXPECT_TRUE(database->change(two, std::array<SqlValue, 2>{std::int64_t{1}, std::int64_t{2}}));
}

TEST_F(SqliteDatabaseFile, PreparesAnyNumberOfStatements) {
  auto database = open();
  for (int i = 0; i < 1000; ++i) {
    std::int64_t found = -1;
    ASSERT_TRUE(database->query("SELECT " + std::to_string(i) + " + $1",
                                std::array<SqlValue, 1>{std::int64_t{1}}, [&](const SqlRow& row) {
                                  found = row.integer(0);
                                  return true;
                                }));
    ASSERT_EQ(found, i + 1);
  }
}

TEST_F(SqliteDatabaseFile, AReaderChangesNothing) {
  open();
  auto reader = open(StoreMode::read_only);
  EXPECT_FALSE(reader->execute(insert));
  EXPECT_FALSE(reader->change("DELETE FROM published_zones WHERE serial = $1",
                              std::array<SqlValue, 1>{std::int64_t{1}}));
  EXPECT_FALSE(reader->transaction([&] { return reader->execute(insert); }));
  EXPECT_EQ(zones(*reader), 0);
}

}  // namespace
}  // namespace tecs
