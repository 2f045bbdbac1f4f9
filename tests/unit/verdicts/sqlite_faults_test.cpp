// What becomes of a store when the world around it fails.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <vector>

#include "unit/verdicts/rollup_check.hpp"
#include "unit/verdicts/sqlite_file.hpp"
#include "unit/verdicts/temporary_directory.hpp"
#include "unit/verdicts/verdict_samples.hpp"
#include "verdicts/sqlite_verdict_store.hpp"

namespace tecs {
namespace {

using test::numbered_verdict;

class SqliteFaults : public testing::Test {
 protected:
  std::unique_ptr<VerdictStore> open(StoreMode mode = StoreMode::read_write) const {
    auto store = SqliteVerdictStore::open(file, mode);
    EXPECT_TRUE(store) << store.error().sentence;
    return store ? std::move(*store) : nullptr;
  }

  static std::size_t count(VerdictStore& store) {
    std::size_t found = 0;
    const auto result = store.select({}, [&](const Verdict&) { return ++found > 0; });
    EXPECT_TRUE(result) << result.error().sentence;
    return found;
  }

  test::TemporaryDirectory directory;
  std::string file = directory.file("verdicts.db");
};

// No file of this process may grow beyond so many octets.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t octets) : signal_(std::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{octets, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, signal_);
  }

 private:
  rlimit before_{};
  void (*signal_)(int);
};

TEST_F(SqliteFaults, ADiskThatIsFullLosesNothingThatWasWritten) {
  auto store = open();
  std::vector<Verdict> verdicts;
  for (unsigned i = 0; i < 100; ++i) verdicts.push_back(numbered_verdict(i));
  ASSERT_TRUE(store->write(verdicts));
  for (Verdict& verdict : verdicts) verdict.id += "b";
  {
    const FileSizeLimit limit(std::filesystem::file_size(file + "-wal") + 4096);
    const auto written = store->write(verdicts);
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().reason, Reason::io_error);
    EXPECT_EQ(count(*store), 100U);
  }
  EXPECT_TRUE(store->write(verdicts)) << "there is room again";
  EXPECT_EQ(count(*store), 200U);
  EXPECT_EQ(test::SqliteFile(file).text("PRAGMA integrity_check"), "ok");
}

TEST_F(SqliteFaults, AKilledWriterLosesNothingThatWasWritten) {
  std::array<int, 2> pipe_ends{};
  ASSERT_EQ(pipe(pipe_ends.data()), 0);
  const pid_t writer = fork();
  if (writer == 0) {
    auto store = SqliteVerdictStore::open(file, StoreMode::read_write);
    for (unsigned i = 0; store && i < 1'000'000; ++i) {
      const std::vector<Verdict> verdicts{numbered_verdict(2 * i), numbered_verdict(2 * i + 1)};
      if (!(*store)->write(verdicts) || ::write(pipe_ends[1], "2", 1) != 1) break;
    }
    _exit(1);
  }
  ASSERT_GT(writer, 0);
  close(pipe_ends[1]);
  std::size_t acknowledged = 0;
  char octet = 0;
  while (acknowledged < 100 && read(pipe_ends[0], &octet, 1) == 1) acknowledged += 2;
  kill(writer, SIGKILL);
  while (read(pipe_ends[0], &octet, 1) == 1) acknowledged += 2;
  close(pipe_ends[0]);
  int status = 0;
  ASSERT_EQ(waitpid(writer, &status, 0), writer);
  ASSERT_TRUE(WIFSIGNALED(status)) << "the writer failed on its own";
  ASSERT_GE(acknowledged, 100U);

  EXPECT_GE(count(*open(StoreMode::read_only)), acknowledged) << "read before anybody repaired anything";
  auto store = open();
  const std::size_t found = count(*store);
  EXPECT_TRUE(found == acknowledged || found == acknowledged + 2) << found << " of " << acknowledged;
  test::put_counts_into_tables(
      *SqliteDatabase::open(file, StoreMode::read_write, std::chrono::seconds{5}).value());
  for (const std::string table : {"verdicts_hourly", "verdicts_daily", "verdicts_monthly"}) {
    EXPECT_EQ(test::SqliteFile(file).text("SELECT sum(connections) FROM " + table), std::to_string(found))
        << table;
  }
  EXPECT_EQ(test::SqliteFile(file).text("PRAGMA integrity_check"), "ok");
}

TEST_F(SqliteFaults, ACorruptFileIsAnErrorAndNoCrash) {
  {
    auto store = open();
    std::vector<Verdict> verdicts;
    for (unsigned i = 0; i < 500; ++i) verdicts.push_back(numbered_verdict(i));
    ASSERT_TRUE(store->write(verdicts));
  }
  test::SqliteFile(file).execute("PRAGMA wal_checkpoint(TRUNCATE)");
  std::string octets = test::read_file(file);
  ASSERT_GT(octets.size(), 100'000U);
  // The first pages stay, which say what tables there are, so that it opens.
  std::fill(octets.begin() + static_cast<std::ptrdiff_t>(octets.size() / 2 / 4096 * 4096), octets.end(),
            '\x5a');
  test::write_file(file, octets);

  auto store = open();
  ASSERT_TRUE(store);
  const auto read = store->select({}, [](const Verdict&) { return true; });
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().sentence, file + ": database disk image is malformed");
  const std::vector<Verdict> verdicts{numbered_verdict(1000)};
  const auto written = store->write(verdicts);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().sentence, file + ": database disk image is malformed");
}

// Runs the check as somebody who may read the store but not write to it or beside it.
int as_nobody(const std::function<bool()>& check) {
  const pid_t child = fork();
  if (child == 0) {
    const bool changed = setgid(65534) == 0 && setuid(65534) == 0;
    _exit(!changed ? 2 : check() ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 3;
}

TEST_F(SqliteFaults, PeopleReadWithoutPermissionToWrite) {
  if (getuid() != 0) GTEST_SKIP() << "only root can become somebody else";
  const std::vector<Verdict> verdicts{numbered_verdict(1)};
  auto writer = open();
  ASSERT_TRUE(writer->write(verdicts));
  ASSERT_EQ(chmod(directory.path().c_str(), 0755), 0);
  const auto readable = [&] {
    const auto store = SqliteVerdictStore::open(file, StoreMode::read_only);
    std::size_t found = 0;
    return store && (*store)->select({}, [&](const Verdict&) { return ++found > 0; }) && found == 1;
  };
  EXPECT_EQ(as_nobody(readable), 0) << "while the receiver runs";
  writer.reset();
  EXPECT_EQ(as_nobody(readable), 0) << "after it has ended";
}

}  // namespace
}  // namespace tecs
