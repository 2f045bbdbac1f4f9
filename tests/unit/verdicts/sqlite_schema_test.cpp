#include "verdicts/sqlite_schema.hpp"

#include <gtest/gtest.h>

#include <array>
#include <latch>
#include <thread>
#include <vector>

#include "unit/verdicts/former_schema.hpp"
#include "unit/verdicts/sqlite_file.hpp"
#include "unit/verdicts/temporary_directory.hpp"
#include "unit/verdicts/verdict_samples.hpp"
#include "verdicts/sqlite_verdict_store.hpp"
#include "verdicts/store_schema.hpp"

namespace tecs {
namespace {

using test::first_insert;
using test::first_version;

// What brought the score, and stays as it was written.
constexpr const char* second_version =
    "ALTER TABLE verdicts ADD COLUMN epoch INTEGER;"
    "ALTER TABLE verdicts ADD COLUMN reputation TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE verdicts ADD COLUMN reputation_source TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE verdicts ADD COLUMN score REAL;"
    "ALTER TABLE verdicts ADD COLUMN symbols TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE verdicts ADD COLUMN action TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE verdicts ADD COLUMN mode TEXT NOT NULL DEFAULT '';"
    "CREATE TABLE reputation (domain TEXT NOT NULL PRIMARY KEY, state TEXT NOT NULL, reason TEXT NOT NULL, "
    "time TEXT NOT NULL) STRICT, WITHOUT ROWID;"
    "INSERT INTO reputation VALUES ('jgc.org', 'good', 'by hand', '2026-01-01T00:00:00.000Z');"
    "PRAGMA user_version = 2";

// The sample without what the first version did not know.
Verdict former_verdict() {
  Verdict verdict = test::full_verdict();
  verdict.client_network = verdict.key_record = "";
  verdict.epoch.reset();
  verdict.score.reset();
  verdict.reputation = verdict.reputation_source = verdict.symbols = verdict.action = verdict.mode = "";
  return verdict;
}

// The same, brought to this version.
Verdict migrated_verdict() {
  Verdict verdict = former_verdict();
  verdict.client_network = "2001:db8::/48";
  return verdict;
}

// The parameter is the version that is brought to this one.
class SqliteSchema : public testing::TestWithParam<int> {
 protected:
  void make_former_store() const {
    test::SqliteFile former(file);
    former.execute(first_version);
    former.execute(first_insert);
    if (GetParam() == 2) former.execute(second_version);
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

TEST_P(SqliteSchema, AFormerStoreKeepsItsRowsAndTakesNewOnes) {
  make_former_store();
  auto store = open(StoreMode::read_write);
  ASSERT_TRUE(store);
  EXPECT_EQ(version(), "4");
  EXPECT_EQ(select(*store), std::vector{migrated_verdict()});
  const std::vector<Verdict> fresh{test::numbered_verdict(1), former_verdict()};  // one of them is there
  ASSERT_TRUE(store->write(fresh));
  const std::vector<Verdict> want{test::numbered_verdict(1), migrated_verdict()};
  EXPECT_EQ(select(*store), want);
  EXPECT_EQ(select(*open(StoreMode::read_write)), want);
  EXPECT_EQ(select(*open(StoreMode::read_only)), want);
}

TEST_P(SqliteSchema, AMigratedStoreHasWhatANewOneHas) {
  make_former_store();
  open(StoreMode::read_write);
  const std::string other = directory.file("new.db");
  ASSERT_TRUE(SqliteVerdictStore::open(other, StoreMode::read_write));
  const std::string objects =
      "SELECT group_concat(type || ' ' || name, ', ') FROM (SELECT type, name FROM "
      "sqlite_schema ORDER BY name)";
  EXPECT_EQ(test::SqliteFile(file).text(objects), test::SqliteFile(other).text(objects));
  for (const SchemaTable& described : store_tables()) {
    const std::string table(described.name);
    const std::string columns =
        "SELECT group_concat(name || ' ' || type || ' ' || \"notnull\" || ' ' || pk, ', ') "
        "FROM (SELECT * FROM pragma_table_info('" +
        table + "') ORDER BY name)";
    EXPECT_EQ(test::SqliteFile(file).text(columns), test::SqliteFile(other).text(columns));
    EXPECT_NE(test::SqliteFile(file).text(columns), "") << table;
  }
}

TEST_P(SqliteSchema, CountsTheVerdictsOfAFormerStore) {
  make_former_store();
  open(StoreMode::read_write);
  open(StoreMode::read_write);  // and does not count them again
  const auto text = [&](const std::string& sql) { return test::SqliteFile(file).text(sql); };
  EXPECT_EQ(
      text("SELECT start || ' ' || domain || ' ' || result || ' ' || connections || ' ' || messages FROM "
           "verdicts_hourly"),
      "2026-01-01T00:00:00.000Z mail.jgc.org fail 1 2");
  EXPECT_EQ(text("SELECT start || ' ' || sum(connections) FROM verdicts_daily"),
            "2026-01-01T00:00:00.000Z 1");
  EXPECT_EQ(text("SELECT group_concat(measure || ' ' || bin || ' ' || connections, ', ') FROM "
                 "(SELECT * FROM distributions_hourly ORDER BY measure)"),
            "dns_time 22 1, duration 40 1, verification_time 8 1");
  EXPECT_EQ(text("SELECT count(*) FROM known_domains"), "0") << "it failed";
}

TEST_P(SqliteSchema, CountsMoreVerdictsThanItReadsAtATime) {
  make_former_store();
  test::SqliteFile(file).execute(
      "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 25000) "
      "INSERT INTO verdicts (id, time, receiver, server, client, helo, tls, result, reason, detail, domain, "
      "organizational_domain, selector, algorithm, key_bits, dnssec, testing, credential, messages, "
      "recipients, "
      "bytes, duration, dns_time, verification_time) SELECT n, "
      "strftime('%Y-%m-%dT%H:%M:%S.000Z', 1767225600 + n * 60, 'unixepoch'), 'mx', '', '', '', '', 'pass', "
      "'', "
      "'', 'd' || (n % 7) || '.example', '', '', '', 0, 0, 0, '', 1, 1, 1, n, 0, 0 FROM numbers");
  open(StoreMode::read_write);
  const auto number = [&](const std::string& sql) { return test::SqliteFile(file).text(sql); };
  EXPECT_EQ(number("SELECT sum(connections) FROM verdicts_daily"), "25001");
  EXPECT_EQ(number("SELECT sum(connections) FROM verdicts_hourly"), "25001");
  EXPECT_EQ(number("SELECT sum(duration) FROM verdicts_hourly WHERE receiver = 'mx'"), "312512500");
  EXPECT_EQ(number("SELECT group_concat(first) FROM known_domains WHERE domain = 'd3.example'"),
            "2026-01-01T00:03:00.000Z");
  EXPECT_EQ(number("SELECT count(*) FROM known_domains"), "7");
}

TEST_P(SqliteSchema, AReaderTakesAFormerStoreAsItIs) {
  make_former_store();
  auto reader = open(StoreMode::read_only);
  ASSERT_TRUE(reader);
  EXPECT_EQ(select(*reader), std::vector{former_verdict()});
  EXPECT_EQ(select(*reader, {.domain = "mail.jgc.org", .result = Result::fail}).size(), 1U);
  EXPECT_EQ(select(*reader, {.network = "2001:db8::/48"}).size(), 0U);
  EXPECT_EQ(select(*reader, {.network = ""}).size(), 1U);
  EXPECT_EQ(version(), std::to_string(GetParam()));
  // And goes on when the receiver brings it up to date meanwhile.
  const std::vector<Verdict> fresh{test::numbered_verdict(1)};
  ASSERT_TRUE(open(StoreMode::read_write)->write(fresh));
  EXPECT_EQ(select(*reader), (std::vector{test::numbered_verdict(1), migrated_verdict()}));
}

TEST_P(SqliteSchema, AFormerProgramGoesOnWriting) {
  make_former_store();
  test::SqliteFile former(file);
  former.execute("DELETE FROM verdicts");
  auto store = open(StoreMode::read_write);
  former.execute(first_insert);
  EXPECT_EQ(select(*store), std::vector{former_verdict()});
}

TEST_P(SqliteSchema, AMigrationThatFailsChangesNothing) {
  make_former_store();
  test::SqliteFile(file).execute("CREATE TABLE published_zones (x)");  // in the way
  const auto store = SqliteVerdictStore::open(file, StoreMode::read_write);
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().reason, Reason::io_error);
  EXPECT_EQ(version(), std::to_string(GetParam()));
  EXPECT_EQ(test::SqliteFile(file).text("SELECT count(*) FROM pragma_table_info('verdicts')"),
            GetParam() == 1 ? "25" : "32");
  EXPECT_EQ(select(*open(StoreMode::read_only)), std::vector{former_verdict()});
}

TEST_P(SqliteSchema, TenAtOnceMigrateOnce) {
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
  EXPECT_EQ(version(), "4");
  EXPECT_EQ(select(*open(StoreMode::read_only)), std::vector{migrated_verdict()});
}

TEST_P(SqliteSchema, WhatIsAskedOfItsCountsNeedsThisVersion) {
  make_former_store();
  const auto name = StoreName::parse("sqlite:" + file).value();
  const auto refused = open_verdict_database(name, StoreMode::read_only);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().sentence,
            file +
                ": made by an older version of TECS; it is brought up to date when tecs-milter starts with "
                "it, or by \"tecs verdicts prune --migrate\"");
  ASSERT_TRUE(open_verdict_database(name, StoreMode::read_write));
  EXPECT_TRUE(open_verdict_database(name, StoreMode::read_only));
}

TEST_P(SqliteSchema, WhatWasThereOfReputationsStays) {
  make_former_store();
  open(StoreMode::read_write);
  EXPECT_EQ(
      test::SqliteFile(file).text("SELECT group_concat(domain || ' ' || state || ' ' || number || ' ' || "
                                  "organizational) FROM reputation"),
      GetParam() == 1 ? "" : "jgc.org good 0.0 0");
}

// What stands in a file need not be what TECS wrote there.
TEST_P(SqliteSchema, OneThatCannotBeReadIsPassedOver) {
  make_former_store();
  test::SqliteFile(file).execute(
      "INSERT INTO verdicts (id, time, receiver, server, client, helo, tls, result, reason, detail, domain, "
      "organizational_domain, selector, algorithm, key_bits, dnssec, testing, credential, messages, "
      "recipients, bytes, duration, dns_time, verification_time) SELECT 'x', time, receiver, server, client, "
      "helo, tls, result, reason, detail, domain, organizational_domain, selector, algorithm, key_bits, "
      "dnssec, testing, credential, messages, recipients, -1, duration, dns_time, verification_time FROM "
      "verdicts");
  const auto migrated = SqliteDatabase::open(file, StoreMode::read_write, std::chrono::seconds{5});
  ASSERT_TRUE(migrated) << migrated.error().sentence;
  EXPECT_EQ((*migrated)->uncounted(), 1U);
  EXPECT_EQ(version(), "4");
  EXPECT_EQ(test::SqliteFile(file).text("SELECT sum(connections) FROM verdicts_daily"), "1");
  EXPECT_EQ(test::SqliteFile(file).text("SELECT count(*) FROM verdicts"), "2");
  EXPECT_EQ(SqliteDatabase::open(file, StoreMode::read_write, std::chrono::seconds{5}).value()->uncounted(),
            0U);
}

TEST_P(SqliteSchema, NetworksAreWorkedOutFromTheClients) {
  make_former_store();
  const auto store = open(StoreMode::read_write);
  EXPECT_EQ(select(*store, {.network = "2001:db8::/48"}).size(), 1U);
}

TEST_P(SqliteSchema, PeoplesToolsLeaveWhatAnOlderDaemonMayBeWritingTo) {
  make_former_store();
  const auto name = StoreName::parse("sqlite:" + file).value();
  const auto refused = open_verdict_store(name, StoreMode::read_write_this_version);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().sentence,
            file +
                ": made by an older version of TECS, and what a tecs-milter of that version still writes "
                "would be counted nowhere: start the new tecs-milter with it, or stop the old one and run "
                "\"tecs verdicts prune --migrate\"");
  EXPECT_FALSE(open_verdict_database(name, StoreMode::read_write_this_version));
  EXPECT_EQ(version(), std::to_string(GetParam()));
  test::SqliteFile(file).execute("DELETE FROM verdicts");
  EXPECT_TRUE(open_verdict_store(name, StoreMode::read_write_this_version)) << "nothing would be missed";
  EXPECT_EQ(version(), "4");
}

INSTANTIATE_TEST_SUITE_P(From, SqliteSchema, testing::Values(1, 2),
                         [](const auto& tested) { return "Version" + std::to_string(tested.param); });

}  // namespace
}  // namespace tecs
