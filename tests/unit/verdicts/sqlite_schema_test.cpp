#include "verdicts/sqlite_schema.hpp"

#include <gtest/gtest.h>

#include <array>
#include <latch>
#include <thread>
#include <vector>

#include "unit/verdicts/sqlite_file.hpp"
#include "unit/verdicts/temporary_directory.hpp"
#include "unit/verdicts/verdict_samples.hpp"
#include "verdicts/sqlite_verdict_store.hpp"

namespace tecs {
namespace {

// What TECS made before verdicts had a score.
constexpr const char* first_version =
    "CREATE TABLE verdicts (id TEXT NOT NULL PRIMARY KEY, time TEXT NOT NULL, receiver TEXT NOT NULL, "
    "server TEXT NOT NULL, client TEXT NOT NULL, helo TEXT NOT NULL, tls TEXT NOT NULL, result TEXT NOT "
    "NULL, "
    "reason TEXT NOT NULL, detail TEXT NOT NULL, domain TEXT NOT NULL, organizational_domain TEXT NOT NULL, "
    "selector TEXT NOT NULL, algorithm TEXT NOT NULL, key_bits INTEGER NOT NULL, dnssec INTEGER NOT NULL, "
    "testing INTEGER NOT NULL, epoch_offset INTEGER, credential TEXT NOT NULL, messages INTEGER NOT NULL, "
    "recipients INTEGER NOT NULL, bytes INTEGER NOT NULL, duration INTEGER NOT NULL, "
    "dns_time INTEGER NOT NULL, verification_time INTEGER NOT NULL) STRICT;"
    "CREATE INDEX verdicts_by_time ON verdicts (time);"
    "CREATE INDEX verdicts_by_domain ON verdicts (domain, time) WHERE domain <> '';"
    "PRAGMA user_version = 1;"
    "PRAGMA journal_mode = WAL";

constexpr const char* first_insert =
    "INSERT INTO verdicts (id, time, receiver, server, client, helo, tls, result, reason, detail, domain, "
    "organizational_domain, selector, algorithm, key_bits, dnssec, testing, epoch_offset, credential, "
    "messages, recipients, bytes, duration, dns_time, verification_time) VALUES "
    "('0190163d-8694-739b-aea5-966c26f8ad90', '2026-01-01T00:00:00.789Z', 'mx.example.net', "
    "'[2001:db8::25]:25', '[2001:db8::7]:40213', 'mail.jgc.org', 'TLSv1.3', 'fail', 'signature-mismatch', "
    "'the signature is not by the key of jgc.org', 'mail.jgc.org', 'jgc.org', 'sel', 'rsa-sha256', 2048, 1, "
    "1, -30, 'YT1yc2Etc2hhMjU2OyBkPWpnYy5vcmc7IGI9QUFBQQ==', 2, 3, 5000000000, 1234567, 2345, 18)";

// The sample without what the first version did not know.
Verdict former_verdict() {
  Verdict verdict = test::full_verdict();
  verdict.epoch.reset();
  verdict.score.reset();
  verdict.reputation = verdict.reputation_source = verdict.symbols = verdict.action = verdict.mode = "";
  return verdict;
}

class SqliteSchema : public testing::Test {
 protected:
  void make_former_store() const {
    test::SqliteFile former(file);
    former.execute(first_version);
    former.execute(first_insert);
  }

  std::unique_ptr<VerdictStore> open(StoreMode mode) const {
    auto store = SqliteVerdictStore::open(file, mode);
    EXPECT_TRUE(store) << store.error().sentence;
    return store ? std::move(*store) : nullptr;
  }

  static std::vector<Verdict> select(VerdictStore& store, const VerdictQuery& query = {}) {
    std::vector<Verdict> found;
    const auto read = store.select(query, [&](const Verdict& verdict) {
      found.push_back(verdict);
      return true;
    });
    EXPECT_TRUE(read) << read.error().sentence;
    return found;
  }

  std::string version() const { return test::SqliteFile(file).text("PRAGMA user_version"); }

  test::TemporaryDirectory directory;
  const std::string file = directory.file("verdicts.db");
};

TEST_F(SqliteSchema, AFormerStoreKeepsItsRowsAndTakesNewOnes) {
  make_former_store();
  auto store = open(StoreMode::read_write);
  ASSERT_TRUE(store);
  EXPECT_EQ(version(), "2");
  EXPECT_EQ(select(*store), std::vector{former_verdict()});
  const std::vector<Verdict> fresh{test::numbered_verdict(1), former_verdict()};  // one of them is there
  ASSERT_TRUE(store->write(fresh));
  const std::vector<Verdict> want{test::numbered_verdict(1), former_verdict()};
  EXPECT_EQ(select(*store), want);
  EXPECT_EQ(select(*open(StoreMode::read_write)), want);
  EXPECT_EQ(select(*open(StoreMode::read_only)), want);
}

TEST_F(SqliteSchema, AMigratedStoreHasWhatANewOneHas) {
  make_former_store();
  open(StoreMode::read_write);
  const std::string other = directory.file("new.db");
  ASSERT_TRUE(SqliteVerdictStore::open(other, StoreMode::read_write));
  const std::string objects =
      "SELECT group_concat(type || ' ' || name, ', ') FROM (SELECT type, name FROM "
      "sqlite_schema ORDER BY name)";
  EXPECT_EQ(test::SqliteFile(file).text(objects), test::SqliteFile(other).text(objects));
  for (const std::string table : {"verdicts", "reputation"}) {
    const std::string columns =
        "SELECT group_concat(name || ' ' || type || ' ' || \"notnull\" || ' ' || pk, ', ') "
        "FROM (SELECT * FROM pragma_table_info('" +
        table + "') ORDER BY name)";
    EXPECT_EQ(test::SqliteFile(file).text(columns), test::SqliteFile(other).text(columns));
    EXPECT_NE(test::SqliteFile(file).text(columns), "") << table;
  }
}

TEST_F(SqliteSchema, AReaderTakesAFormerStoreAsItIs) {
  make_former_store();
  auto reader = open(StoreMode::read_only);
  ASSERT_TRUE(reader);
  EXPECT_EQ(select(*reader), std::vector{former_verdict()});
  EXPECT_EQ(select(*reader, {.domain = "mail.jgc.org", .result = Result::fail}).size(), 1U);
  EXPECT_EQ(version(), "1");
  // And goes on when the receiver brings it up to date meanwhile.
  const std::vector<Verdict> fresh{test::numbered_verdict(1)};
  ASSERT_TRUE(open(StoreMode::read_write)->write(fresh));
  EXPECT_EQ(select(*reader), (std::vector{test::numbered_verdict(1), former_verdict()}));
}

TEST_F(SqliteSchema, AFormerProgramGoesOnWriting) {
  make_former_store();
  test::SqliteFile former(file);
  former.execute("DELETE FROM verdicts");
  auto store = open(StoreMode::read_write);
  former.execute(first_insert);
  EXPECT_EQ(select(*store), std::vector{former_verdict()});
}

TEST_F(SqliteSchema, AMigrationThatFailsChangesNothing) {
  make_former_store();
  test::SqliteFile(file).execute("CREATE TABLE reputation (x)");  // in the way
  const auto store = SqliteVerdictStore::open(file, StoreMode::read_write);
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().reason, Reason::io_error);
  EXPECT_EQ(version(), "1");
  EXPECT_EQ(test::SqliteFile(file).text("SELECT count(*) FROM pragma_table_info('verdicts')"), "25");
  EXPECT_EQ(select(*open(StoreMode::read_only)), std::vector{former_verdict()});
}

TEST_F(SqliteSchema, TenAtOnceMigrateOnce) {
  make_former_store();
  constexpr unsigned count = 10;
  std::latch start(count);
  std::array<Expected<void>, count> outcome;
  {
    std::vector<std::jthread> threads;
    for (auto& result : outcome) {
      threads.emplace_back([&] {
        start.arrive_and_wait();
        result = SqliteVerdictStore::open(file, StoreMode::read_write).map([](const auto&) {});
      });
    }
  }
  for (const auto& result : outcome) EXPECT_TRUE(result) << result.error().sentence;
  EXPECT_EQ(version(), "2");
  EXPECT_EQ(select(*open(StoreMode::read_only)), std::vector{former_verdict()});
}

}  // namespace
}  // namespace tecs
