// What becomes of what is stored, and of who waits for it, when PostgreSQL or the way to it fails.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <limits>
#include <thread>
#include <vector>

#include "unit/verdicts/postgresql_server.hpp"
#include "unit/verdicts/rollup_check.hpp"
#include "unit/verdicts/varied_verdicts.hpp"
#include "verdicts/postgres_verdict_store.hpp"

namespace tecs {
namespace {

using test::PostgresqlServer;
using test::varied_verdicts;

class PostgresFaults : public testing::Test {
 protected:
  std::unique_ptr<VerdictStore> open(const PostgresOptions& options = postgres_writing) const {
    auto store = PostgresVerdictStore::open(name, StoreMode::read_write, options);
    EXPECT_TRUE(store) << store.error().sentence;
    return store ? std::move(*store) : nullptr;
  }
  std::unique_ptr<PostgresDatabase> connect(const PostgresOptions& options = {}) const {
    auto connected = PostgresDatabase::open(name, StoreMode::read_write, options);
    EXPECT_TRUE(connected) << connected.error().sentence;
    return connected ? std::move(*connected) : nullptr;
  }

  test::PostgresqlDatabase database;
  StoreName name = database.name();
};

TEST_F(PostgresFaults, AServerThatCrashesLosesNothingAndDoublesNothing) {
  auto store = open();
  std::atomic<unsigned> batches = 0, acknowledged = 0;
  std::jthread writer([&](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      // Again until it is known to have arrived, as whoever forwards verdicts does.
      if (!store->write(varied_verdicts(batches * 50, 50))) continue;
      acknowledged = ++batches * 50;
      acknowledged.notify_one();
    }
  });
  unsigned counted = 0;
  for (int crash = 0; crash < 3; ++crash) {
    for (const unsigned before = acknowledged; counted < before + 200; counted = acknowledged)
      acknowledged.wait(counted);
    PostgresqlServer::stop();
    PostgresqlServer::start();
  }
  acknowledged.wait(counted);
  writer.request_stop();
  writer.join();
  EXPECT_EQ(test::expect_counts_of_verdicts(*connect()), acknowledged);
}

TEST_F(PostgresFaults, AKilledWriterLosesNothingThatWasAcknowledged) {
  std::array<int, 2> pipe_ends{};
  ASSERT_EQ(pipe(pipe_ends.data()), 0);
  const pid_t writer = fork();
  if (writer == 0) {
    auto store = PostgresVerdictStore::open(name, StoreMode::read_write);
    for (unsigned i = 0; store && i < 1'000'000; ++i) {
      if (!(*store)->write(varied_verdicts(i * 20, 20)) || ::write(pipe_ends[1], "2", 1) != 1) break;
    }
    _exit(1);
  }
  ASSERT_GT(writer, 0);
  close(pipe_ends[1]);
  std::size_t acknowledged = 0;
  char octet = 0;
  while (acknowledged < 400 && read(pipe_ends[0], &octet, 1) == 1) acknowledged += 20;
  kill(writer, SIGKILL);
  while (read(pipe_ends[0], &octet, 1) == 1) acknowledged += 20;
  close(pipe_ends[0]);
  int status = 0;
  ASSERT_EQ(waitpid(writer, &status, 0), writer);
  ASSERT_TRUE(WIFSIGNALED(status)) << "the writer failed on its own";
  // What the server still does for it ends with this lock.
  const auto all = connect();
  ASSERT_TRUE(all->execute("BEGIN; LOCK TABLE verdicts; COMMIT"));
  const std::size_t found = test::expect_counts_of_verdicts(*all);
  EXPECT_TRUE(found == acknowledged || found == acknowledged + 20) << found << " of " << acknowledged;
}

// The server may have done what it was told before it could say so.
TEST_F(PostgresFaults, ABatchOfWhichNobodyKnowsWhetherItArrivedCountsOnce) {
  auto store = open();
  const auto all = connect();
  ASSERT_TRUE(all->execute(
      "CREATE FUNCTION end_connection() RETURNS trigger AS $$ BEGIN "
      "PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$ LANGUAGE plpgsql; "
      "CREATE CONSTRAINT TRIGGER end_connection AFTER INSERT ON known_domains DEFERRABLE INITIALLY DEFERRED "
      "FOR EACH ROW EXECUTE FUNCTION end_connection()"));
  const auto lost = store->write(varied_verdicts(0, 100));
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().reason, Reason::io_error);
  EXPECT_EQ(test::expect_counts_of_verdicts(*all), 0U);
  ASSERT_TRUE(all->execute("DROP TRIGGER end_connection ON known_domains"));
  const auto written = store->write(varied_verdicts(0, 100));
  ASSERT_TRUE(written) << written.error().sentence;
  ASSERT_TRUE(store->write(varied_verdicts(0, 100)));
  EXPECT_EQ(test::expect_counts_of_verdicts(*all), 100U);
}

TEST_F(PostgresFaults, AConnectionThatEndedWhileNobodyLookedIsMadeAnew) {
  auto store = open();
  ASSERT_TRUE(store->write(varied_verdicts(0, 10)));
  PostgresqlServer::stop();
  PostgresqlServer::start();
  const auto written = store->write(varied_verdicts(10, 10));
  EXPECT_TRUE(written) << written.error().sentence;
  EXPECT_EQ(test::expect_counts_of_verdicts(*connect()), 20U);
}

TEST_F(PostgresFaults, OneVerdictThatIsRefusedSpoilsItsBatchAndIsToldApart) {
  auto store = open();
  std::vector<Verdict> verdicts = varied_verdicts(0, 10);
  // Too long for an index, and not of the kind that compresses.
  std::string& id = verdicts[4].id;
  for (std::uint32_t state = 1; id.size() < 20'000; state = state * 1'664'525 + 1'013'904'223)
    id += static_cast<char>('!' + (state >> 24U) % 90);
  const auto refused = store->write(verdicts);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, Reason::protocol_error) << refused.error().sentence;
  EXPECT_EQ(test::expect_counts_of_verdicts(*connect()), 0U);
  verdicts.erase(verdicts.begin() + 4);
  EXPECT_TRUE(store->write(verdicts));
  EXPECT_EQ(test::expect_counts_of_verdicts(*connect()), 9U);
}

TEST_F(PostgresFaults, TroubleWithTheDatabaseIsNotTakenForARefusedVerdict) {
  auto store = open();
  ASSERT_TRUE(connect()->execute("ALTER TABLE verdicts RENAME TO elsewhere"));
  const auto written = store->write(varied_verdicts(0, 3));
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().reason, Reason::io_error) << written.error().sentence;
}

TEST_F(PostgresFaults, OctetsThatAreNoTextDoNotKeepAVerdictOut) {
  auto store = open();
  Verdict verdict = test::full_verdict();
  verdict.result = Result::pass;
  verdict.helo = std::string("a\0b\xff'", 5);
  verdict.domain = std::string("d\0.example", 10);
  verdict.receiver = "mx\xc3.example";
  verdict.score = std::numeric_limits<double>::quiet_NaN();
  const std::vector<Verdict> verdicts{verdict};
  ASSERT_TRUE(store->write(verdicts));
  ASSERT_TRUE(store->write(verdicts));
  const auto all = connect();
  EXPECT_EQ(test::rows(*all, "verdicts", {"helo", "domain", "receiver", "score"}),
            test::Rows{"a\xef\xbf\xbd"
                       "b\xef\xbf\xbd'|d\xef\xbf\xbd.example|mx\xef\xbf\xbd.example|"});
  EXPECT_EQ(test::rows(*all, "known_domains", {"domain"}), test::Rows{"d\xef\xbf\xbd.example"});
}

// The database's own setting says that a commit need not be on disk.
TEST_F(PostgresFaults, WhatIsAcknowledgedIsOnDisk) {
  PostgresqlServer::execute(name,
                            "DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || current_database() || "
                            "' SET synchronous_commit = off'; END $$");
  EXPECT_EQ(test::rows(*connect(), "pg_settings WHERE name = 'synchronous_commit'", {"setting"}),
            test::Rows{"on"});
}

}  // namespace
}  // namespace tecs
