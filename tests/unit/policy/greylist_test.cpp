#include "milter/policy/greylist.hpp"

#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <sstream>
#include <thread>

#include "unit/hand_clock.hpp"
#include "unit/verdicts/sqlite_file.hpp"
#include "unit/verdicts/temporary_directory.hpp"

namespace tecs::test {
namespace {

using namespace std::chrono_literals;

class GreylistTest : public testing::Test {
 protected:
  std::unique_ptr<Greylist> open() { return std::make_unique<Greylist>(file, clock, log); }
  int complaints() const {
    int count = 0;
    std::istringstream lines(logged.str());
    for (std::string line; std::getline(lines, line);) ++count;
    return count;
  }

  TemporaryDirectory directory;
  std::string file = directory.file("greylist.db");
  HandClock clock;
  std::ostringstream logged;
  std::shared_ptr<spdlog::logger> log =
      std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::ostream_sink_mt>(logged));
  GreylistLimits limits;
};

TEST_F(GreylistTest, admits_who_comes_again_and_remembers_them) {
  auto greylist = open();
  EXPECT_FALSE(greylist->admits("domain:a.example", limits));
  clock.advance(limits.delay - 1s);
  EXPECT_FALSE(greylist->admits("domain:a.example", limits));
  EXPECT_FALSE(greylist->admits("domain:b.example", limits)) << "another one";
  clock.advance(1s);
  EXPECT_TRUE(greylist->admits("domain:a.example", limits));
  EXPECT_TRUE(greylist->admits("domain:a.example", limits));
  clock.advance(limits.lifetime - 1s);
  EXPECT_TRUE(greylist->admits("domain:a.example", limits)) << "each time lengthens the memory";
  clock.advance(limits.lifetime);
  EXPECT_FALSE(greylist->admits("domain:a.example", limits)) << "forgotten";
  EXPECT_EQ(complaints(), 0) << logged.str();
}

TEST_F(GreylistTest, survives_a_restart) {
  EXPECT_FALSE(open()->admits("network:192.0.2.0/24", limits));
  clock.advance(limits.delay);
  EXPECT_TRUE(open()->admits("network:192.0.2.0/24", limits));
  clock.advance(24h);
  EXPECT_TRUE(open()->admits("network:192.0.2.0/24", limits));
}

TEST_F(GreylistTest, is_shared_by_two_daemons) {
  auto one = open();
  auto other = open();
  EXPECT_FALSE(one->admits("domain:a.example", limits));
  clock.advance(limits.delay);
  EXPECT_TRUE(other->admits("domain:a.example", limits));
}

TEST_F(GreylistTest, takes_limits_that_a_reload_has_changed) {
  auto greylist = open();
  EXPECT_FALSE(greylist->admits("domain:a.example", limits));
  limits.delay = 0s;
  EXPECT_TRUE(greylist->admits("domain:a.example", limits));
}

TEST_F(GreylistTest, that_is_full_forgets_nobody_for_a_stranger) {
  limits.maximum_entries = 3;
  auto greylist = open();
  for (const char* const name : {"a", "b", "c"}) EXPECT_FALSE(greylist->admits(name, limits));
  clock.advance(limits.delay);
  EXPECT_TRUE(greylist->admits("a", limits));
  EXPECT_TRUE(greylist->admits("stranger", limits)) << "let through, as there is no room to remember it";
  EXPECT_TRUE(greylist->admits("stranger", limits));
  EXPECT_EQ(complaints(), 1) << logged.str();
  EXPECT_TRUE(greylist->admits("b", limits)) << "has waited and is not forgotten";
  clock.advance(limits.window);
  EXPECT_FALSE(greylist->admits("stranger", limits)) << "c has never come again, there is room";
  EXPECT_EQ(
      SqliteFile(file).text("SELECT group_concat(client) FROM (SELECT client FROM greylist ORDER BY 1)"),
      "a,b,stranger");
}

TEST_F(GreylistTest, counts_what_a_former_run_has_left) {
  limits.maximum_entries = 1;
  EXPECT_FALSE(open()->admits("a", limits));
  EXPECT_TRUE(open()->admits("b", limits));
}

TEST_F(GreylistTest, that_somebody_locks_lets_mail_through) {
  auto greylist = open();
  EXPECT_FALSE(greylist->admits("a", limits));
  SqliteFile other(file);
  other.execute("BEGIN IMMEDIATE");
  EXPECT_TRUE(greylist->admits("a", limits));
  EXPECT_TRUE(greylist->admits("a", limits)) << "left alone for a second";
  EXPECT_EQ(complaints(), 1) << logged.str();
  EXPECT_NE(logged.str().find(file + ": database is locked"), std::string::npos) << logged.str();
  clock.advance(2s);
  EXPECT_TRUE(greylist->admits("a", limits));
  EXPECT_EQ(complaints(), 1) << "once a minute";
  clock.advance(60s);
  EXPECT_TRUE(greylist->admits("a", limits));
  EXPECT_EQ(complaints(), 2);
  other.execute("ROLLBACK");
  clock.advance(2s);
  EXPECT_FALSE(greylist->admits("a", limits)) << "works again, and has forgotten nothing";
}

TEST_F(GreylistTest, rests_for_a_second_after_a_fault_and_opens_its_file_anew) {
  auto greylist = open();
  EXPECT_FALSE(greylist->admits("a", limits));
  {
    SqliteFile other(file);
    other.execute("BEGIN IMMEDIATE");
    EXPECT_TRUE(greylist->admits("a", limits));
  }
  clock.advance(999ms);
  EXPECT_TRUE(greylist->admits("b", limits)) << "not asked, though nobody locks it any more";
  for (const char* const part : {"", "-wal", "-shm"}) std::filesystem::remove(file + part);
  clock.advance(1ms);
  EXPECT_FALSE(greylist->admits("c", limits));
  EXPECT_EQ(SqliteFile(file).text("SELECT group_concat(client) FROM greylist"), "c")
      << "in the file that is there now";
}

TEST_F(GreylistTest, on_a_full_disk_lets_mail_through) {
  auto greylist = open();
  ASSERT_TRUE(greylist->open());
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const auto former = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit none{1, before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &none);
  EXPECT_TRUE(greylist->admits("a", limits));
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, former);
  EXPECT_EQ(complaints(), 1) << logged.str();
  clock.advance(1s);
  EXPECT_FALSE(greylist->admits("a", limits)) << "there is room again";
}

TEST_F(GreylistTest, that_is_no_greylist_is_left_as_it_is) {
  write_file(file, std::string(8192, 'x'));
  auto greylist = open();
  EXPECT_FALSE(greylist->open());
  EXPECT_TRUE(greylist->admits("a", limits));
  EXPECT_EQ(read_file(file), std::string(8192, 'x'));

  file = directory.file("other.db");
  SqliteFile(file).execute("CREATE TABLE verdicts (id TEXT); PRAGMA user_version = 1");
  greylist = open();
  EXPECT_EQ(greylist->open().error().sentence,
            file + ": an SQLite file, but not a greylist of this version of TECS");
  EXPECT_TRUE(greylist->admits("a", limits));
  EXPECT_EQ(SqliteFile(file).text("SELECT group_concat(name) FROM sqlite_schema"), "verdicts");

  // What takes one of the two, but no deletion or no new entry.
  for (const std::string taken : {"INSERT", "DELETE"}) {
    file = directory.file(taken + ".db");
    SqliteFile(file).execute(
        "CREATE VIEW greylist AS SELECT '' AS client, 0 AS since, 0 AS expires, 0 AS known;"
        "CREATE TRIGGER t INSTEAD OF " +
        taken + " ON greylist BEGIN SELECT 1; END; PRAGMA user_version = 1");
    greylist = open();
    EXPECT_FALSE(greylist->open());
    EXPECT_TRUE(greylist->admits("a", limits));
  }

  file = directory.file("absent/greylist.db");
  greylist = open();
  EXPECT_FALSE(greylist->open());
  EXPECT_TRUE(greylist->admits("a", limits));
  std::filesystem::create_directory(directory.file("absent"));
  clock.advance(1s);
  EXPECT_FALSE(greylist->admits("a", limits)) << "mended while the daemon runs";
}

TEST_F(GreylistTest, serves_many_threads) {
  auto greylist = open();
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < 25; ++i) {
        std::ignore = greylist->admits(std::to_string(thread) + "." + std::to_string(i), limits);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  // Whoever has waited too long for a turn was let through, and it is in the log.
  if (complaints() == 0) {
    EXPECT_EQ(SqliteFile(file).text("SELECT count(*) FROM greylist"), "100");
  }
}

}  // namespace
}  // namespace tecs::test
