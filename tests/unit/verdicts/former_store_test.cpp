#include "verdicts/former_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <latch>
#include <thread>
#include <vector>

#include "unit/hand_clock.hpp"
#include "unit/verdicts/former_schema.hpp"
#include "unit/verdicts/scripted_store.hpp"
#include "unit/verdicts/sqlite_file.hpp"
#include "unit/verdicts/temporary_directory.hpp"
#include "verdicts/sqlite_verdict_store.hpp"

namespace tecs {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class FormerStoreTest : public testing::Test {
 protected:
  void make_former_store() const {
    test::SqliteFile former(file);
    former.execute(test::first_version);
    former.execute(test::first_insert);
  }
  Expected<std::shared_ptr<FormerStore>> find() { return FormerStore::find(file, clock, log); }
  std::string version() const { return test::SqliteFile(file).text("PRAGMA user_version"); }

  test::TemporaryDirectory directory;
  const std::string file = directory.file("verdicts.db");
  test::HandClock clock;
  std::shared_ptr<test::LogLines> lines = std::make_shared<test::LogLines>();
  std::shared_ptr<spdlog::logger> log = std::make_shared<spdlog::logger>("test", lines);
};

TEST_F(FormerStoreTest, AFileThatIsNotThereIsNoneAndIsNotMade) {
  EXPECT_EQ(find().value(), nullptr);
  EXPECT_FALSE(std::filesystem::exists(file));
}

TEST_F(FormerStoreTest, AStoreOfThisVersionIsNone) {
  ASSERT_TRUE(SqliteVerdictStore::open(file, StoreMode::read_write));
  EXPECT_EQ(find().value(), nullptr);
}

TEST_F(FormerStoreTest, AnEmptyFileAndOneOfSomebodyElseAreNone) {
  test::write_file(file, "");
  EXPECT_EQ(find().value(), nullptr);
  test::SqliteFile(file).execute("CREATE TABLE other (x)");
  EXPECT_EQ(find().value(), nullptr);
}

TEST_F(FormerStoreTest, IsBroughtUpToDateWhenAskedFor) {
  make_former_store();
  const auto former = find().value();
  ASSERT_TRUE(former);
  EXPECT_EQ(version(), "1") << "nothing is changed by looking";
  EXPECT_THAT(lines->lines(), IsEmpty());
  ASSERT_TRUE(former->bring_up_to_date());
  EXPECT_EQ(version(), "4");
  EXPECT_EQ(test::SqliteFile(file).text("SELECT sum(connections) FROM verdicts_daily"), "1");
  EXPECT_THAT(
      lines->lines(),
      ElementsAre(file + " was made by an older version of TECS: its 1 verdicts are counted through, some "
                         "10 seconds for each million; new ones are written after that, and no mail waits "
                         "for it",
                  file + " was brought up to date in 0 seconds"));
}

TEST_F(FormerStoreTest, SaysHowLittleIsToDoWhenItHasCounts) {
  ASSERT_TRUE(SqliteVerdictStore::open(file, StoreMode::read_write));
  test::SqliteFile(file).execute(
      "DROP TABLE verdicts_monthly; DROP TABLE batch_counts; ALTER TABLE pruned_times RENAME TO pruned; "
      "PRAGMA user_version = 3");
  const auto former = find().value();
  ASSERT_TRUE(former);
  ASSERT_TRUE(former->bring_up_to_date());
  EXPECT_EQ(version(), "4");
  EXPECT_EQ(lines->lines().front(),
            file +
                " was made by an older version of TECS: the counts of its 0 verdicts are added up by month, "
                "some seconds for ten million; new ones are written after that, and no mail waits for it");
}

TEST_F(FormerStoreTest, OneDoesItAndTheOthersWait) {
  make_former_store();
  const auto former = find().value();
  ASSERT_TRUE(former);
  constexpr std::ptrdiff_t count = 4;
  std::latch start(count);
  {
    std::vector<std::jthread> threads;
    for (std::ptrdiff_t i = 0; i < count; ++i) {
      threads.emplace_back([&] {
        start.arrive_and_wait();
        const auto done = former->bring_up_to_date();
        EXPECT_TRUE(done) << done.error().sentence;
        EXPECT_EQ(version(), "4");
      });
    }
  }
  EXPECT_EQ(lines->lines().size(), 2U);
}

TEST_F(FormerStoreTest, AFailureIsToldAndTheNextCallTriesAgain) {
  make_former_store();
  const auto former = find().value();
  ASSERT_TRUE(former);
  test::SqliteFile(file).execute("CREATE TABLE known_domains (x)");
  EXPECT_FALSE(former->bring_up_to_date());
  EXPECT_EQ(version(), "1");
  test::SqliteFile(file).execute("DROP TABLE known_domains");
  EXPECT_TRUE(former->bring_up_to_date());
  EXPECT_EQ(version(), "4");
}

}  // namespace
}  // namespace tecs
