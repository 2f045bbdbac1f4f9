// What holds of a database whatever engine keeps it.
#include "verdicts/sql_database.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "unit/verdicts/store_under_test.hpp"

namespace tecs {
namespace {

class SqlDatabaseContract : public test::StoreUnderTest {
 protected:
  void SetUp() override {
    const char* real = GetParam() == SqlDialect::sqlite ? "REAL" : "DOUBLE PRECISION";
    const auto made =
        database().execute("CREATE TABLE things (name TEXT PRIMARY KEY, number BIGINT, weight " +
                           std::string(real) + "); INSERT INTO things VALUES ('first', 1, 0.5)");
    ASSERT_TRUE(made) << made.error().sentence;
  }

  Expected<std::uint64_t> insert(const SqlValue& name, const SqlValue& number = {},
                                 const SqlValue& weight = {}) {
    return database().change("INSERT INTO things (name, number, weight) VALUES ($1, $2, $3)",
                             std::vector<SqlValue>{name, number, weight});
  }

  std::vector<std::string> texts(const std::string& sql, const std::vector<SqlValue>& values = {}) {
    std::vector<std::string> found;
    const auto read = database().query(sql, values, [&](const SqlRow& row) {
      found.emplace_back(row.text(0));
      return true;
    });
    EXPECT_TRUE(read) << read.error().sentence;
    return found;
  }
  std::vector<std::string> names() { return texts("SELECT name FROM things ORDER BY name"); }
};

using Names = std::vector<std::string>;

TEST_P(SqlDatabaseContract, TellsItsDialect) {
  EXPECT_EQ(database().dialect(), GetParam());
}

TEST_P(SqlDatabaseContract, CountsTheRowsThatChanged) {
  ASSERT_EQ(insert("second", 2), 1U);
  EXPECT_EQ(database().change("UPDATE things SET weight = $1", std::vector<SqlValue>{1.5}), 2U);
  EXPECT_EQ(database().change("DELETE FROM things WHERE name = $1", std::vector<SqlValue>{"nobody"}), 0U);
  EXPECT_EQ(
      database().change("INSERT INTO things (name) VALUES ('second'), ('third') ON CONFLICT DO NOTHING"), 1U);
  EXPECT_EQ(database().change("UPDATE things SET number = 7 RETURNING name"), 3U);
}

TEST_P(SqlDatabaseContract, GivesBackWhatItWasGiven) {
  struct Row {
    std::string_view name;
    SqlValue number, weight;
  };
  constexpr auto largest = std::numeric_limits<std::int64_t>::max();
  constexpr auto smallest = std::numeric_limits<std::int64_t>::min();
  for (const Row& row : {
           Row{"nulls", {}, {}},
           Row{"large", largest, std::numeric_limits<double>::max()},
           Row{"small", smallest, std::numeric_limits<double>::denorm_min()},
           Row{"a fraction that no decimal holds", std::int64_t{0}, 0.1 + 0.2},
           Row{"without end", std::int64_t{-1}, -std::numeric_limits<double>::infinity()},
           Row{"quotes ' \" $1 \\ ; -- %", std::int64_t{3}, 1e300},
           Row{"lines\nand\ttabs\r", std::int64_t{4}, -0.5},
           Row{"\xc3\xa9\xe2\x82\xac\xf0\x9f\x93\xa8", std::int64_t{5}, 3.0},
           Row{"", std::int64_t{6}, 2.0},
       }) {
    const std::string name(row.name);
    ASSERT_EQ(insert(name, row.number, row.weight), 1U) << name;
    unsigned rows = 0;
    const auto read = database().query(
        "SELECT name, number, weight FROM things WHERE name = $1", std::vector<SqlValue>{name},
        [&](const SqlRow& found) {
          EXPECT_EQ(found.text(0), name);
          EXPECT_EQ(found.is_null(1), std::holds_alternative<std::monostate>(row.number)) << name;
          EXPECT_EQ(found.is_null(2), std::holds_alternative<std::monostate>(row.weight)) << name;
          EXPECT_EQ(found.integer(1), found.is_null(1) ? 0 : std::get<std::int64_t>(row.number)) << name;
          EXPECT_EQ(found.real(2), found.is_null(2) ? 0 : std::get<double>(row.weight)) << name;
          EXPECT_FALSE(found.is_null(0));
          return ++rows > 0;
        });
    EXPECT_TRUE(read) << read.error().sentence;
    EXPECT_EQ(rows, 1U) << name;
  }
}

TEST_P(SqlDatabaseContract, NullHasAnEmptyText) {
  ASSERT_EQ(insert("bare"), 1U);
  EXPECT_EQ(texts("SELECT number FROM things WHERE name = 'bare'"), Names{""});
}

TEST_P(SqlDatabaseContract, WhatIsNotANumberIsNull) {
  ASSERT_EQ(insert("odd", {}, std::nan("")), 1U);
  EXPECT_EQ(texts("SELECT name FROM things WHERE weight IS NULL"), Names{"odd"});
}

TEST_P(SqlDatabaseContract, AParameterMayStandTwice) {
  ASSERT_EQ(insert("2", 2), 1U);
  EXPECT_EQ(texts("SELECT name FROM things WHERE (number = $2 OR number > $2) AND name <> $1 AND name <> $1 "
                  "ORDER BY 1",
                  {"2", std::int64_t{1}}),
            Names{"first"});
}

// On an engine that settles the types of parameters when it prepares, the second and third are other
// statements.
TEST_P(SqlDatabaseContract, OneTextTakesValuesOfSeveralTypes) {
  ASSERT_EQ(insert("whole", {}, std::int64_t{2}), 1U);
  ASSERT_EQ(insert("fraction", {}, 2.5), 1U);
  ASSERT_EQ(insert("none", {}, {}), 1U);
  EXPECT_EQ(texts("SELECT name FROM things WHERE weight > $1 ORDER BY name", {std::int64_t{2}}),
            Names{"fraction"});
  EXPECT_EQ(texts("SELECT name FROM things WHERE weight > $1 ORDER BY name", {1.5}),
            (Names{"fraction", "whole"}));
}

TEST_P(SqlDatabaseContract, SumsAreNumbers) {
  ASSERT_EQ(insert("second", std::int64_t{1} << 40U, 0.25), 1U);
  ASSERT_TRUE(database().query("SELECT sum(number), sum(weight), count(*), avg(number) FROM things", {},
                               [](const SqlRow& row) {
                                 EXPECT_EQ(row.integer(0), (std::int64_t{1} << 40U) + 1);
                                 EXPECT_EQ(row.real(1), 0.75);
                                 EXPECT_EQ(row.integer(2), 2);
                                 EXPECT_EQ(row.real(3), 549755813888.5);
                                 return true;
                               }));
}

TEST_P(SqlDatabaseContract, TextsSortByTheirOctets) {
  // As a column of the store's tables does, by its type or collation.
  ASSERT_TRUE(
      database().execute("INSERT INTO reputation_overrides (domain, state, note, time, expires) VALUES "
                         "('b', '', '', '', ''), ('a.b', '', '', '', ''), ('B', '', '', '', ''), "
                         "('a-b', '', '', '', ''), ('\xc3\xa9', '', '', '', ''), ('_b', '', '', '', '')"));
  EXPECT_EQ(texts("SELECT domain FROM reputation_overrides ORDER BY domain"),
            (Names{"B", "_b", "a-b", "a.b", "b", "\xc3\xa9"}));
}

TEST_P(SqlDatabaseContract, StopsWhenTheVisitorHasEnough) {
  ASSERT_EQ(insert("second"), 1U);
  unsigned seen = 0;
  const auto stop = [&](const SqlRow&) { return ++seen == 0; };
  ASSERT_TRUE(database().query("SELECT name FROM things", {}, stop));
  EXPECT_EQ(seen, 1U);
  EXPECT_EQ(names(), (Names{"first", "second"}));
}

constexpr const char* millions =
    "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 2000000) "
    "SELECT n FROM numbers";

TEST_P(SqlDatabaseContract, StopsInTheMiddleOfMillionsOfRows) {
  unsigned seen = 0;
  const auto stop = [&](const SqlRow&) { return ++seen < 3; };
  ASSERT_TRUE(database().query(millions, {}, stop));
  EXPECT_EQ(seen, 3U);
  EXPECT_EQ(names(), Names{"first"});
}

TEST_P(SqlDatabaseContract, StoppingEarlyLeavesTheTransactionAsItIs) {
  unsigned seen = 0;
  const auto stop = [&](const SqlRow&) { return ++seen < 3; };
  const auto done = database().transaction([&]() -> Expected<void> {
    return insert("second")
        .and_then([&](std::uint64_t) { return database().query(millions, {}, stop); })
        .and_then([&] { return insert("third"); })
        .map([](std::uint64_t) {});
  });
  ASSERT_TRUE(done) << done.error().sentence;
  EXPECT_EQ(seen, 3U);
  EXPECT_EQ(names(), (Names{"first", "second", "third"}));
}

TEST_P(SqlDatabaseContract, ATransactionIsAllOrNothing) {
  const auto done = database().transaction([&] { return insert("second").map([](std::uint64_t) {}); });
  ASSERT_TRUE(done) << done.error().sentence;
  const auto undone = database().transaction([&]() -> Expected<void> {
    EXPECT_TRUE(insert("third"));
    EXPECT_EQ(names().size(), 3U);
    return failure(Reason::bad_domain, "the body says no");
  });
  ASSERT_FALSE(undone);
  EXPECT_EQ(undone.error().sentence, "the body says no");
  EXPECT_EQ(undone.error().reason, Reason::bad_domain);
  EXPECT_EQ(names(), (Names{"first", "second"}));
}

TEST_P(SqlDatabaseContract, ATransactionIsRolledBackWhenAStatementFails) {
  const auto undone = database().transaction([&] {
    EXPECT_TRUE(insert("second"));
    return insert("first").map([](std::uint64_t) {});
  });
  ASSERT_FALSE(undone);
  EXPECT_EQ(names(), Names{"first"});
  EXPECT_TRUE(database().transaction([&] { return insert("second").map([](std::uint64_t) {}); }));
  EXPECT_EQ(names(), (Names{"first", "second"}));
}

TEST_P(SqlDatabaseContract, ATransactionIsRolledBackWhenTheBodyThrows) {
  const auto body = [&]() -> Expected<void> {
    EXPECT_TRUE(insert("second"));
    throw std::runtime_error("a bug");
  };
  EXPECT_THROW(static_cast<void>(database().transaction(body)), std::runtime_error);
  EXPECT_EQ(names(), Names{"first"});
}

TEST_P(SqlDatabaseContract, TransactionsDoNotNest) {
  const auto inner = [] { return Expected<void>{}; };
  EXPECT_FALSE(database().transaction([&] { return database().transaction(inner); }));
  EXPECT_TRUE(database().transaction(inner));
}

TEST_P(SqlDatabaseContract, SaysWhatIsWrongAndGoesOn) {
  for (const char* wrong :
       {"SELECT nothing FROM nowhere", "SELEC", "SELECT name FROM things WHERE name = $1 AND $2 = $3"}) {
    const auto read = database().query(wrong, {}, [](const SqlRow&) { return true; });
    ASSERT_FALSE(read) << wrong;
    EXPECT_EQ(read.error().reason, Reason::io_error);
    EXPECT_FALSE(database().change(wrong));
  }
  EXPECT_FALSE(database().execute("SELECT 1; SELECT nothing; SELECT 2"));
  EXPECT_EQ(names(), Names{"first"});
}

TEST_P(SqlDatabaseContract, ManyTextsArePrepared) {
  for (unsigned i = 0; i < 1'000; ++i) {
    ASSERT_EQ(
        texts("SELECT name FROM things WHERE number < $1 + " + std::to_string(i + 1), {std::int64_t{1}}),
        Names{"first"});
  }
}

INSTANTIATE_TEST_SUITE_P(Engines, SqlDatabaseContract, test::both_engines, test::engine_name);

}  // namespace
}  // namespace tecs
