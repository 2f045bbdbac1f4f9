#include "verdicts/reputation_table.hpp"

#include <gtest/gtest.h>

#include "unit/verdicts/sqlite_file.hpp"
#include "unit/verdicts/temporary_directory.hpp"
#include "verdicts/sqlite_verdict_store.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;

class ReputationFromTable : public testing::Test {
 protected:
  void make_store() { store = *SqliteVerdictStore::open(file, StoreMode::read_write); }
  void say(const std::string& domain, const std::string& state) const {
    test::SqliteFile(file).execute(
        "INSERT OR REPLACE INTO reputation (domain, state, reason, time) VALUES ('" + domain + "', '" +
        state + "', 'by hand', '2026-01-01T00:00:00.000Z')");
  }
  std::string state(const std::string& domain) {
    const auto found = table.lookup(domain, 0ms);
    return !found ? found.error().sentence : found->reputation ? std::string(word(*found->reputation)) : "-";
  }

  test::TemporaryDirectory directory;
  const std::string file = directory.file("verdicts.db");
  std::unique_ptr<VerdictStore> store;
  ReputationTable table{file};
};

TEST_F(ReputationFromTable, IsARowADomain) {
  make_store();
  EXPECT_EQ(state("jgc.org"), "-");
  for (const std::string word : {"good", "medium", "bad", "unknown"}) {
    say("jgc.org", word);
    EXPECT_EQ(state("jgc.org"), word) << "what is written counts at once";
  }
  EXPECT_EQ(state("mail.jgc.org"), "-");
  EXPECT_EQ(state("' OR ''='"), "-");
}

TEST_F(ReputationFromTable, IsReadWhileSomebodyWrites) {
  make_store();
  say("jgc.org", "bad");
  test::SqliteFile other(file);
  other.execute("BEGIN IMMEDIATE; UPDATE reputation SET state = 'good'");
  EXPECT_EQ(state("jgc.org"), "bad");
  other.execute("COMMIT");
  EXPECT_EQ(state("jgc.org"), "good");
}

TEST_F(ReputationFromTable, IsThereAsSoonAsTheStoreIs) {
  EXPECT_EQ(state("jgc.org"), file + ": unable to open database file");
  EXPECT_FALSE(std::filesystem::exists(file));
  make_store();
  say("jgc.org", "bad");
  EXPECT_EQ(state("jgc.org"), "bad");
}

TEST_F(ReputationFromTable, SaysWhatIsWrongWithTheStore) {
  make_store();
  say("jgc.org", "worse");
  EXPECT_EQ(state("jgc.org"), "the table has a state that is none of good, medium, bad and unknown");
  EXPECT_EQ(state("example.org"), "-");
  test::SqliteFile(file).execute("DROP TABLE reputation");
  EXPECT_EQ(state("jgc.org"), file + ": no such table: reputation");
}

}  // namespace
}  // namespace tecs
