#include "verdicts/sqlite_verdict_store.hpp"

#include <gtest/gtest.h>

#include <array>
#include <latch>
#include <thread>
#include <vector>

#include "unit/verdicts/sqlite_file.hpp"
#include "unit/verdicts/temporary_directory.hpp"
#include "unit/verdicts/verdict_samples.hpp"
#include "verdicts/store_schema.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;
using test::numbered_verdict;

class SqliteStore : public testing::Test {
 protected:
  std::unique_ptr<VerdictStore> open(StoreMode mode = StoreMode::read_write) const {
    auto store = SqliteVerdictStore::open(file, mode, {.busy_timeout = 50ms});
    EXPECT_TRUE(store) << store.error().sentence;
    return store ? std::move(*store) : nullptr;
  }

  static std::vector<Verdict> select(VerdictStore& store, const VerdictQuery& query = {}) {
    std::vector<Verdict> found;
    const auto result = store.select(query, [&](const Verdict& verdict) {
      found.push_back(verdict);
      return true;
    });
    EXPECT_TRUE(result) << result.error().sentence;
    return found;
  }

  Error open_error(StoreMode mode) const {
    const auto store = SqliteVerdictStore::open(file, mode);
    return store ? Error{Reason::bad_option, "it opened"} : store.error();
  }

  test::TemporaryDirectory directory;
  std::string file = directory.file("verdicts.db");
};

TEST_F(SqliteStore, GivesBackEveryFieldAlsoAfterReopening) {
  Verdict bare;
  bare.id = "bare";
  const std::vector<Verdict> verdicts{test::full_verdict(), bare};
  ASSERT_TRUE(open()->write(verdicts));
  EXPECT_EQ(select(*open()), verdicts);
  EXPECT_EQ(select(*open(StoreMode::read_only)), verdicts);
}

TEST_F(SqliteStore, KeepsOctetsThatNobodyShouldHaveLetIn) {
  Verdict verdict = test::full_verdict();
  verdict.helo = std::string("a\0b\xff'; DROP TABLE verdicts; --", 30);
  const std::vector<Verdict> verdicts{verdict};
  auto store = open();
  ASSERT_TRUE(store->write(verdicts));
  EXPECT_EQ(select(*store), verdicts);
}

TEST_F(SqliteStore, PassesOverVerdictsThatItHas) {
  auto store = open();
  const std::vector<Verdict> first{numbered_verdict(1), numbered_verdict(2)};
  const std::vector<Verdict> second{numbered_verdict(2), numbered_verdict(3), numbered_verdict(3)};
  ASSERT_TRUE(store->write(first));
  ASSERT_TRUE(store->write(second));
  EXPECT_EQ(select(*store), (std::vector{numbered_verdict(3), numbered_verdict(2), numbered_verdict(1)}));
}

TEST_F(SqliteStore, WritesNothingAtAll) {
  auto store = open();
  EXPECT_TRUE(store->write({}));
  EXPECT_TRUE(select(*store).empty());
}

TEST_F(SqliteStore, SelectsTheNewestFirst) {
  auto store = open();
  std::vector<Verdict> verdicts;
  for (unsigned i = 0; i < 6; ++i) verdicts.push_back(numbered_verdict(i));
  verdicts[1].domain = "other.example";
  verdicts[2].result = Result::pass;
  verdicts[3].result = Result::pass;
  verdicts[4].domain = "";
  verdicts[5].time = verdicts[4].time;
  // Not in the order that is wanted, nor in its reverse.
  const std::vector<Verdict> shuffled{verdicts[5], verdicts[1], verdicts[4],
                                      verdicts[0], verdicts[3], verdicts[2]};
  ASSERT_TRUE(store->write(shuffled));

  struct Row {
    std::string_view name;
    VerdictQuery query;
    std::vector<unsigned> want;
  };
  for (const Row& row : {
           Row{"all; of one millisecond the larger id first", {}, {5, 4, 3, 2, 1, 0}},
           Row{"since, that millisecond too", {.since = verdicts[3].time}, {5, 4, 3}},
           Row{"since then nothing", {.since = verdicts[5].time + 1ms}, {}},
           Row{"domain", {.domain = "mail.jgc.org"}, {5, 3, 2, 0}},
           Row{"domain in upper case", {.domain = "OTHER.Example"}, {1}},
           Row{"a part of the domain", {.domain = "jgc.org"}, {}},
           Row{"a pattern", {.domain = "%"}, {}},
           Row{"no domain", {.domain = ""}, {4}},
           Row{"result", {.result = Result::pass}, {3, 2}},
           Row{"id", {.id = verdicts[3].id}, {3}},
           Row{"an id that nothing has", {.id = verdicts[3].id + "0"}, {}},
           Row{"id and another domain", {.id = verdicts[3].id, .domain = "other.example"}, {}},
           Row{"limit", {.limit = 2}, {5, 4}},
           Row{"limit of none", {.limit = 0}, {}},
           Row{"limit beyond all", {.limit = SIZE_MAX}, {5, 4, 3, 2, 1, 0}},
           Row{"all of it",
               {.since = verdicts[1].time, .domain = "mail.jgc.org", .result = Result::pass, .limit = 1},
               {3}},
       }) {
    std::vector<Verdict> want;
    for (const unsigned i : row.want) want.push_back(verdicts[i]);
    EXPECT_EQ(select(*store, row.query), want) << row.name;
  }
}

TEST_F(SqliteStore, StopsWhenTheVisitorHasEnough) {
  auto store = open();
  const std::vector<Verdict> verdicts{numbered_verdict(1), numbered_verdict(2), numbered_verdict(3)};
  ASSERT_TRUE(store->write(verdicts));
  int visited = 0;
  ASSERT_TRUE(store->select({}, [&](const Verdict&) { return ++visited < 2; }));
  EXPECT_EQ(visited, 2);
}

TEST_F(SqliteStore, WritesAllOrNothing) {
  auto store = open();
  test::SqliteFile(file).execute(
      "CREATE TRIGGER refuse BEFORE INSERT ON verdicts WHEN NEW.helo = 'boom' "
      "BEGIN SELECT RAISE(ABORT, 'no booms here'); END");
  std::vector<Verdict> verdicts{numbered_verdict(1), numbered_verdict(2), numbered_verdict(3)};
  verdicts[1].helo = "boom";
  const auto refused = store->write(verdicts);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, Reason::io_error);
  EXPECT_NE(refused.error().sentence.find("no booms here"), std::string::npos) << refused.error().sentence;
  EXPECT_TRUE(select(*store).empty());

  test::SqliteFile(file).execute("DROP TRIGGER refuse");
  ASSERT_TRUE(store->write(verdicts));
  EXPECT_EQ(select(*store).size(), 3U);
}

TEST_F(SqliteStore, RefusesFilesThatAreNoStoreOfItsVersion) {
  struct Row {
    std::string_view name;
    std::function<void(const std::string&)> make;
    std::string_view want;
  };
  for (const Row& row : {
           Row{"newer",
               [](const std::string& path) {
                 test::SqliteFile(path).execute(create_statements(SqlDialect::sqlite));
                 test::SqliteFile(path).execute("PRAGMA user_version = 99");
               },
               "made by a newer version of TECS (its table has version 99, this program knows 4)"},
           Row{"another program's",
               [](const std::string& path) { test::SqliteFile(path).execute("CREATE TABLE mail (x)"); },
               "not one with verdicts"},
           Row{"no database", [](const std::string& path) { test::write_file(path, std::string(5000, 'x')); },
               "file is not a database"},
       }) {
    std::filesystem::remove(file);
    row.make(file);
    const std::string before = test::read_file(file);
    for (const StoreMode mode : {StoreMode::read_only, StoreMode::read_write}) {
      const Error error = open_error(mode);
      EXPECT_EQ(error.reason, Reason::io_error) << row.name;
      EXPECT_TRUE(error.sentence.starts_with(file)) << row.name << ": " << error.sentence;
      EXPECT_NE(error.sentence.find(row.want), std::string::npos) << row.name << ": " << error.sentence;
    }
    EXPECT_TRUE(test::read_file(file) == before) << row.name << " was changed";
  }
}

TEST_F(SqliteStore, ReadingNeedsAStore) {
  EXPECT_EQ(open_error(StoreMode::read_only).sentence, file + ": no such file");
  EXPECT_FALSE(std::filesystem::exists(file));
  test::write_file(file, "");
  EXPECT_EQ(open_error(StoreMode::read_only).sentence, file + ": an empty file, no verdict store");
}

TEST_F(SqliteStore, NamesAPlaceWhereItCannotBe) {
  file = directory.file("missing/verdicts.db");
  EXPECT_EQ(open_error(StoreMode::read_write).sentence, file + ": unable to open database file");
}

TEST_F(SqliteStore, AReaderDoesNotWrite) {
  open();
  const std::vector<Verdict> verdicts{numbered_verdict(1)};
  const auto written = open(StoreMode::read_only)->write(verdicts);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().sentence, "this verdict store was opened for reading");
}

TEST_F(SqliteStore, AReaderAndAWriterDoNotWaitForEachOther) {
  auto writer = open();
  const std::vector<Verdict> first{numbered_verdict(1)};
  const std::vector<Verdict> second{numbered_verdict(2)};
  ASSERT_TRUE(writer->write(first));
  auto reader = open(StoreMode::read_only);
  // The writer commits in the middle of a query, which goes on seeing what was there when it began.
  std::size_t seen = 0;
  ASSERT_TRUE(reader->select({}, [&](const Verdict&) {
    EXPECT_TRUE(writer->write(second));
    return ++seen > 0;
  }));
  EXPECT_EQ(seen, 1U);
  EXPECT_EQ(select(*reader).size(), 2U);
  // And the other way: another connection holds the write lock.
  test::SqliteFile other(file);
  other.execute("BEGIN IMMEDIATE");
  EXPECT_EQ(select(*reader).size(), 2U);
}

TEST_F(SqliteStore, SaysSoWhenSomebodyElseKeepsTheLock) {
  auto store = open();
  const std::vector<Verdict> verdicts{numbered_verdict(1)};
  {
    test::SqliteFile other(file);
    other.execute("BEGIN IMMEDIATE");
    const auto written = store->write(verdicts);
    ASSERT_FALSE(written);
    EXPECT_NE(written.error().sentence.find("database is locked"), std::string::npos)
        << written.error().sentence;
    other.execute("ROLLBACK");
  }
  EXPECT_TRUE(store->write(verdicts));
  EXPECT_EQ(select(*store).size(), 1U);
}

TEST_F(SqliteStore, SaysSoWhenARowWasTamperedWith) {
  auto store = open();
  const std::vector<Verdict> verdicts{numbered_verdict(1)};
  ASSERT_TRUE(store->write(verdicts));
  struct Row {
    std::string_view column, value;
  };
  for (const Row& row : {Row{"result", "'perhaps'"}, Row{"time", "'yesterday'"}, Row{"messages", "-1"},
                         Row{"score", "1e999"}}) {
    test::SqliteFile other(file);
    other.execute("BEGIN");
    other.execute("UPDATE verdicts SET " + std::string(row.column) + " = " + std::string(row.value));
    other.execute("COMMIT");
    const auto read = store->select({}, [](const Verdict&) { return true; });
    ASSERT_FALSE(read) << row.column;
    EXPECT_EQ(read.error().sentence,
              "a verdict in the store has a " + std::string(row.column) + " that cannot be read");
    other.execute("DELETE FROM verdicts");
    ASSERT_TRUE(store->write(verdicts));
  }
}

TEST_F(SqliteStore, TwentyWritersLoseNothing) {
  constexpr unsigned writers = 20, batches = 10, batch_size = 5;
  std::latch start(writers);
  std::array<Expected<void>, writers> outcome;
  {
    std::vector<std::jthread> threads;
    for (unsigned writer = 0; writer < writers; ++writer) {
      threads.emplace_back([&, writer] {
        start.arrive_and_wait();  // all of them find no file
        auto store = SqliteVerdictStore::open(file, StoreMode::read_write, {.busy_timeout = 60s});
        if (!store) {
          outcome[writer] = tl::unexpected(store.error());
          return;
        }
        for (unsigned batch = 0; batch < batches && outcome[writer]; ++batch) {
          std::vector<Verdict> verdicts;
          for (unsigned i = 0; i < batch_size; ++i) {
            verdicts.push_back(numbered_verdict((writer * batches + batch) * batch_size + i));
          }
          outcome[writer] = (*store)->write(verdicts);
        }
      });
    }
  }
  for (const auto& result : outcome) EXPECT_TRUE(result) << result.error().sentence;
  EXPECT_EQ(select(*open()).size(), std::size_t{writers} * batches * batch_size);
}

}  // namespace
}  // namespace tecs
