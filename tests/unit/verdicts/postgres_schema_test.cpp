#include "verdicts/postgres_schema.hpp"

#include <gmock/gmock.h>

#include <array>
#include <latch>
#include <thread>
#include <vector>

#include "unit/verdicts/postgresql_server.hpp"
#include "unit/verdicts/verdict_samples.hpp"
#include "verdicts/store_schema.hpp"
#include "verdicts/verdict_store.hpp"

namespace tecs {
namespace {

using test::PostgresqlServer;
using testing::HasSubstr;
using testing::StartsWith;

class PostgresSchema : public testing::Test {
 protected:
  static Error open_error(const StoreName& name, StoreMode mode) {
    const auto database = open_verdict_database(name, mode);
    return database ? Error{Reason::bad_option, "it opened"} : database.error();
  }
  Error open_error(StoreMode mode) const { return open_error(name, mode); }

  std::string tables() const {
    return PostgresqlServer::text(
        name,
        "SELECT string_agg(tablename, ' ' ORDER BY tablename) FROM pg_tables WHERE schemaname = 'public'");
  }

  test::PostgresqlDatabase database;
  StoreName name = database.name();
};

// A role that may log in, gone with this.
class Role {
 public:
  explicit Role(const StoreName& place) : place_(place) {
    PostgresqlServer::execute(place_, "CREATE ROLE tecs_test_role LOGIN");
  }
  Role(const Role&) = delete;
  Role& operator=(const Role&) = delete;
  ~Role() { PostgresqlServer::execute(place_, "DROP OWNED BY tecs_test_role; DROP ROLE tecs_test_role"); }

 private:
  StoreName place_;
};

TEST_F(PostgresSchema, MakesTheTablesBesideOthersAndLeavesThoseAlone) {
  PostgresqlServer::execute(name, "CREATE TABLE mail (x BIGINT); INSERT INTO mail VALUES (7)");
  ASSERT_TRUE(open_verdict_database(name, StoreMode::read_write));
  ASSERT_TRUE(open_verdict_database(name, StoreMode::read_write)) << "a second time";
  EXPECT_EQ(PostgresqlServer::text(name, "SELECT x FROM mail"), "7");
  EXPECT_THAT(tables(), HasSubstr("mail pruned_times published_zones"));
  EXPECT_EQ(PostgresqlServer::text(name, "SELECT version FROM tecs_schema"),
            std::to_string(store_schema_version));
}

TEST_F(PostgresSchema, ReadingNeedsAStoreAndMakesNone) {
  EXPECT_EQ(open_error(StoreMode::read_only).sentence,
            name.text() + ": no verdict store is in this database");
  EXPECT_EQ(tables(), "");
}

TEST_F(PostgresSchema, RefusesAStoreOfANewerVersion) {
  ASSERT_TRUE(open_verdict_database(name, StoreMode::read_write));
  PostgresqlServer::execute(name, "UPDATE tecs_schema SET version = 99");
  for (const StoreMode mode : {StoreMode::read_only, StoreMode::read_write}) {
    const Error error = open_error(mode);
    EXPECT_EQ(error.reason, Reason::io_error);
    EXPECT_EQ(error.sentence,
              name.text() +
                  ": made by a newer version of TECS (its tables have version 99, this program "
                  "knows " +
                  std::to_string(store_schema_version) + ")");
  }
}

TEST_F(PostgresSchema, LeavesADatabaseAsItIsWhoseTablesHaveItsNames) {
  for (const char* foreign :
       {"CREATE TABLE known_domains (x BIGINT)", "CREATE TABLE tecs_schema (x BIGINT)"}) {
    PostgresqlServer::execute(name, foreign);
    const std::string before = tables();
    const Error error = open_error(StoreMode::read_write);
    EXPECT_EQ(error.reason, Reason::io_error);
    EXPECT_THAT(error.sentence, StartsWith(name.text() + ": "));
    EXPECT_EQ(tables(), before);
    EXPECT_EQ(open_error(StoreMode::read_only).reason, Reason::io_error);
    PostgresqlServer::execute(name, "DROP TABLE " + before);
  }
}

TEST_F(PostgresSchema, SaysSoWhenAVersionIsMissing) {
  PostgresqlServer::execute(name, "CREATE TABLE tecs_schema (version BIGINT NOT NULL)");
  for (const StoreMode mode : {StoreMode::read_only, StoreMode::read_write})
    EXPECT_EQ(open_error(mode).sentence, name.text() + ": its table tecs_schema has no version");
}

TEST_F(PostgresSchema, RefusesADatabaseThatCannotHoldEveryLetter) {
  const StoreName all = PostgresqlServer::name("postgres");
  PostgresqlServer::execute(all, "CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
  const StoreName latin = PostgresqlServer::name("latin");
  EXPECT_EQ(
      open_error(latin, StoreMode::read_write).sentence,
      latin.text() +
          ": the database has the encoding LATIN1; verdicts need one that was made with ENCODING 'UTF8'");
  PostgresqlServer::execute(all, "DROP DATABASE latin");
}

TEST_F(PostgresSchema, TwentyThatComeAtOnceMakeItOnce) {
  constexpr unsigned programs = 20;
  std::latch start(programs);
  std::array<std::string, programs> errors;
  {
    std::vector<std::jthread> threads;
    for (std::string& error : errors) {
      threads.emplace_back([&] {
        start.arrive_and_wait();
        const auto opened = open_verdict_database(name, StoreMode::read_write);
        if (!opened) error = opened.error().sentence;
      });
    }
  }
  for (const std::string& error : errors) EXPECT_EQ(error, "");
  EXPECT_EQ(PostgresqlServer::text(name, "SELECT count(*) FROM tecs_schema"), "1");
}

TEST_F(PostgresSchema, SaysWhichRightARoleLacks) {
  const Role role(name);
  const StoreName as_role = database.name("tecs_test_role");
  EXPECT_EQ(open_error(as_role, StoreMode::read_write).sentence,
            as_role.text() + ": permission denied for schema public (as the role tecs_test_role)");

  ASSERT_TRUE(open_verdict_database(name, StoreMode::read_write));
  EXPECT_EQ(open_error(as_role, StoreMode::read_only).sentence,
            as_role.text() + ": permission denied for table tecs_schema (as the role tecs_test_role)");

  PostgresqlServer::execute(name, "GRANT SELECT ON ALL TABLES IN SCHEMA public TO tecs_test_role");
  EXPECT_TRUE(open_verdict_database(as_role, StoreMode::read_only));
  // The tables are there, so nothing has to be made, which it might not.
  const auto theirs = open_verdict_database(as_role, StoreMode::read_write);
  ASSERT_TRUE(theirs) << theirs.error().sentence;
  const auto done = (*theirs)->change("DELETE FROM verdicts");
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().reason, Reason::io_error);
  EXPECT_EQ(done.error().sentence,
            as_role.text() + ": permission denied for table verdicts (as the role tecs_test_role)");
}

TEST_F(PostgresSchema, AWriterNeedsNoMoreThanThis) {
  ASSERT_TRUE(open_verdict_database(name, StoreMode::read_write));
  const Role role(name);
  const std::string place = PostgresqlServer::text(name, "SELECT current_database()");
  PostgresqlServer::execute(name,
                            "GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO tecs_test_role");
  const StoreName as_role = database.name("tecs_test_role");
  const auto store = open_verdict_store(as_role, StoreMode::read_write);
  ASSERT_TRUE(store) << store.error().sentence;
  const std::vector<Verdict> verdicts{test::full_verdict()};
  for (unsigned i = 0; i < 2; ++i) {
    const auto written = (*store)->write(verdicts);
    EXPECT_TRUE(written) << written.error().sentence;
  }

  PostgresqlServer::execute(name, "REVOKE TEMPORARY ON DATABASE " + place + " FROM PUBLIC");
  const auto other = open_verdict_store(as_role, StoreMode::read_write);
  ASSERT_TRUE(other) << other.error().sentence;
  EXPECT_EQ((*other)->write(verdicts).error().sentence,
            as_role.text() + ": permission denied to create temporary tables in database \"" + place +
                "\" (as the role tecs_test_role)");
}

TEST_F(PostgresSchema, NamesADatabaseOrRoleThatIsNotThere) {
  const StoreName nowhere = PostgresqlServer::name("nowhere");
  EXPECT_THAT(open_error(nowhere, StoreMode::read_write).sentence,
              HasSubstr("database \"nowhere\" does not exist"));
  const StoreName nobody = database.name("nobody");
  EXPECT_THAT(open_error(nobody, StoreMode::read_write).sentence,
              HasSubstr("role \"nobody\" does not exist"));
}

}  // namespace
}  // namespace tecs
