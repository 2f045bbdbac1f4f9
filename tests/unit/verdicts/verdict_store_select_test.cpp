// Where the stores agree on reading verdicts; the conditions are in verdict_store_contract_test.cpp.
#include "verdicts/verdict_store_select.hpp"

#include <algorithm>
#include <iterator>
#include <set>

#include "unit/verdicts/store_under_test.hpp"
#include "unit/verdicts/verdict_samples.hpp"
#include "verdicts/verdict_fields.hpp"

namespace tecs {
namespace {

class SelectVerdicts : public test::StoreUnderTest {
 protected:
  std::vector<Verdict> selected(const VerdictQuery& query) {
    std::vector<Verdict> found;
    const auto read = select_verdicts(database(), query, [&](const Verdict& verdict) {
      found.push_back(verdict);
      return true;
    });
    EXPECT_TRUE(read) << read.error().sentence;
    return found;
  }
};

TEST_P(SelectVerdicts, OldestFirstWhenAsked) {
  std::vector<Verdict> verdicts;
  for (unsigned i = 0; i < 4; ++i) verdicts.push_back(test::numbered_verdict(i));
  verdicts[2].time = verdicts[1].time;  // then the id tells
  const std::vector<Verdict> shuffled{verdicts[2], verdicts[0], verdicts[3], verdicts[1]};
  ASSERT_TRUE(verdict_store().write(shuffled));
  EXPECT_EQ(selected({.oldest_first = true}), verdicts);
  EXPECT_EQ(selected({.limit = 2, .oldest_first = true}),
            std::vector(verdicts.begin(), verdicts.begin() + 2));
  EXPECT_EQ(selected({}), std::vector(verdicts.rbegin(), verdicts.rend()));
}

TEST_P(SelectVerdicts, SaysWhichColumnWasTamperedWith) {
  const Verdict verdict = test::full_verdict();
  struct Row {
    std::string_view column, value;
  };
  for (const Row& row : {Row{"result", "'perhaps'"}, Row{"time", "'yesterday'"}, Row{"messages", "-1"},
                         Row{"bytes", "-1"}, Row{"key_bits", "99999999999"}}) {
    ASSERT_TRUE(verdict_store().write({&verdict, 1}));
    ASSERT_TRUE(database().execute("UPDATE verdicts SET " + std::string(row.column) + " = " +
                                   std::string(row.value)));
    const auto read = select_verdicts(database(), {}, [](const Verdict&) { return true; });
    ASSERT_FALSE(read) << row.column;
    EXPECT_EQ(read.error().sentence,
              "a verdict in the store has a " + std::string(row.column) + " that cannot be read");
    ASSERT_TRUE(database().execute("DELETE FROM verdicts"));
  }
}

TEST_P(SelectVerdicts, TheColumnsAreThoseThatARowIsReadFrom) {
  const Verdict verdict = test::full_verdict();
  ASSERT_TRUE(verdict_store().write({&verdict, 1}));
  Expected<Verdict> found = failure(Reason::io_error, "no row");
  ASSERT_TRUE(
      database().query("SELECT " + verdict_columns() + ", 1 FROM verdicts", {}, [&](const SqlRow& row) {
        found = read_verdict(row);
        return true;
      }));
  EXPECT_EQ(found, verdict);
}

// More than two pages, in groups of one millisecond each; one group is longer than a page.
std::vector<Verdict> many_verdicts() {
  constexpr unsigned count = 2 * verdict_page_size + 700, short_group = 7;
  std::vector<Verdict> verdicts;
  for (unsigned i = 0; i < count; ++i) {
    verdicts.push_back(test::numbered_verdict(i));
    const bool in_long_group = i >= 600 && i < 600 + verdict_page_size + 100;
    verdicts.back().time = test::numbered_verdict(in_long_group ? 600 : i / short_group * short_group).time;
    verdicts.back().domain = i % 3 == 0 ? "third.example" : "";
    verdicts.back().reason = i % 5 == 0 ? "expired" : "ok";
  }
  return verdicts;
}

TEST_P(SelectVerdicts, PagesJoinWithoutAGapOrARepetition) {
  const auto verdicts = many_verdicts();
  ASSERT_TRUE(verdict_store().write(verdicts));
  EXPECT_EQ(selected({.oldest_first = true}), verdicts);
  EXPECT_EQ(selected({}), std::vector(verdicts.rbegin(), verdicts.rend()));
  for (const std::size_t limit : {verdict_page_size - 1, verdict_page_size, verdict_page_size + 1}) {
    const auto end = static_cast<std::ptrdiff_t>(limit);
    EXPECT_EQ(selected({.limit = limit, .oldest_first = true}),
              std::vector(verdicts.begin(), verdicts.begin() + end));
    EXPECT_EQ(selected({.limit = limit}), std::vector(verdicts.rbegin(), verdicts.rbegin() + end));
  }
  EXPECT_TRUE(selected({.limit = 0}).empty());
}

TEST_P(SelectVerdicts, ConditionsHoldOnEachPage) {
  const auto verdicts = many_verdicts();
  ASSERT_TRUE(verdict_store().write(verdicts));
  const auto kept = [&](const std::function<bool(const Verdict&)>& holds) {
    std::vector<Verdict> found;
    std::copy_if(verdicts.begin(), verdicts.end(), std::back_inserter(found), holds);
    return found;
  };
  const auto since = verdicts[100].time, until = verdicts[verdicts.size() - 100].time;
  const auto inside =
      kept([&](const Verdict& verdict) { return verdict.time >= since && verdict.time < until; });
  EXPECT_EQ(selected({.since = since, .until = until, .oldest_first = true}), inside);
  EXPECT_EQ(selected({.since = since, .until = until}), std::vector(inside.rbegin(), inside.rend()));
  const auto of_none = kept([](const Verdict& verdict) { return verdict.domain.empty(); });
  EXPECT_EQ(selected({.domain = "", .oldest_first = true}), of_none);
  EXPECT_EQ(selected({.domain = ""}), std::vector(of_none.rbegin(), of_none.rend()));
  EXPECT_EQ(selected({.reason = "ok", .oldest_first = true}),
            kept([](const Verdict& verdict) { return verdict.reason == "ok"; }));
}

// A reader that stalls holds nothing open: neither what is written meanwhile nor anything else waits for it.
TEST_P(SelectVerdicts, NoStatementIsOpenWhileAVerdictIsVisited) {
  ASSERT_TRUE(verdict_store().write(many_verdicts()));
  const bool sqlite = GetParam() == SqlDialect::sqlite;
  std::size_t visited = 0;
  const auto read = select_verdicts(database(), {}, [&](const Verdict&) {
    if (++visited % 1'000 == 0) {
      const auto done = database().execute(sqlite ? "PRAGMA wal_checkpoint(TRUNCATE)" : "SELECT 1");
      EXPECT_TRUE(done) << done.error().sentence;
    }
    return true;
  });
  EXPECT_TRUE(read);
  EXPECT_EQ(visited, many_verdicts().size());
}

TEST_P(SelectVerdicts, WhatComesAndGoesMeanwhileDisturbsNothing) {
  const auto verdicts = many_verdicts();
  ASSERT_TRUE(verdict_store().write(verdicts));
  for (const bool oldest_first : {true, false}) {
    unsigned next = 10'000 + (oldest_first ? 0 : 50'000);
    std::set<std::string> seen;
    const auto read =
        select_verdicts(database(), {.oldest_first = oldest_first}, [&](const Verdict& verdict) {
          EXPECT_TRUE(seen.insert(verdict.id).second) << "visited twice";
          if (seen.size() % 100 == 0) {  // newer ones, more than there is time to visit
            std::vector<Verdict> coming;
            for (unsigned i = 0; i < 100; ++i) coming.push_back(test::numbered_verdict(next++));
            EXPECT_TRUE(verdict_store().write(coming));
          }
          if (seen.size() == 10) {  // the place where the page ended may be gone when the next one is read
            EXPECT_TRUE(database().execute("DELETE FROM verdicts WHERE time >= '2026-01-01T00:00:10.790Z'"));
          }
          return seen.size() < 20'000;
        });
    EXPECT_TRUE(read);
    EXPECT_LT(seen.size(), 20'000U) << "it does not end";
    for (const Verdict& verdict : verdicts) EXPECT_TRUE(seen.contains(verdict.id)) << verdict.id;
  }
}

// Passes on what it is asked, and asks afterwards how that would be answered.
class PlanAsking final : public SqlDatabase {
 public:
  explicit PlanAsking(SqlDatabase& database) : database_(database) {}
  [[nodiscard]] SqlDialect dialect() const noexcept override { return database_.dialect(); }
  Expected<void> execute(const std::string& sql) override { return database_.execute(sql); }
  Expected<std::uint64_t> change(const std::string& sql, std::span<const SqlValue> values) override {
    return database_.change(sql, values);
  }
  Expected<void> transaction(const std::function<Expected<void>()>& body) override {
    return database_.transaction(body);
  }
  Expected<void> query(const std::string& sql, std::span<const SqlValue> values,
                       const std::function<bool(const SqlRow&)>& visit) override {
    const bool sqlite = dialect() == SqlDialect::sqlite;
    std::string plan;
    if (sql.find("LIMIT") != std::string::npos) {
      EXPECT_TRUE(database_.query((sqlite ? "EXPLAIN QUERY PLAN " : "EXPLAIN ") + sql, values,
                                  [&](const SqlRow& row) {
                                    plan += std::string(row.text(sqlite ? 3 : 0)) + "\n";
                                    return true;
                                  }));
      plans.push_back(plan);
    }
    return database_.query(sql, values, visit);
  }

  std::vector<std::string> plans;

 private:
  SqlDatabase& database_;
};

// An index leads to where a page begins, and gives the rows in the order of their time.
TEST_P(SelectVerdicts, APageBeginsWhereTheLastOneEnded) {
  ASSERT_TRUE(verdict_store().write(many_verdicts()));
  const bool sqlite = GetParam() == SqlDialect::sqlite;
  ASSERT_TRUE(database().execute("ANALYZE verdicts"));
  const VerdictQuery queries[] = {{},
                                  {.oldest_first = true},
                                  {.since = test::full_verdict().time},
                                  {.since = test::full_verdict().time, .oldest_first = true}};
  for (const VerdictQuery& query : queries) {
    PlanAsking asking(database());
    std::vector<Verdict> visited;
    ASSERT_TRUE(select_verdicts(asking, query, [&](const Verdict& verdict) {
      visited.push_back(verdict);
      return true;
    }));
    ASSERT_EQ(asking.plans.size(), 3U);
    const std::string& plan = asking.plans[1];
    if (sqlite) {
      EXPECT_NE(plan.find("SEARCH verdicts USING INDEX verdicts_by_time (time"), std::string::npos) << plan;
      EXPECT_EQ(plan.find("FOR ORDER BY"), std::string::npos) << plan;
    } else {
      EXPECT_NE(plan.find("Presorted Key: \"time\""), std::string::npos) << plan;
      const std::string place = encode_field(visited[verdict_page_size - 1].time);
      const std::string bound = std::string(query.oldest_first ? ">" : "<") + "= '" + place + "'";
      const std::size_t condition = plan.find("Index Cond: ");
      ASSERT_NE(condition, std::string::npos) << plan;
      EXPECT_LT(plan.find(bound, condition), plan.find('\n', condition)) << plan;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Engines, SelectVerdicts, test::both_engines, test::engine_name);

}  // namespace
}  // namespace tecs
