// The queue that a receiver's store keeps of what is to be forwarded.
#include <gtest/gtest.h>

#include <vector>

#include "unit/verdicts/sqlite_file.hpp"
#include "unit/verdicts/temporary_directory.hpp"
#include "unit/verdicts/verdict_samples.hpp"
#include "verdicts/sqlite_verdict_store.hpp"

namespace tecs {
namespace {

using test::numbered_verdict;

class ForwardingStore : public testing::Test {
 protected:
  std::unique_ptr<VerdictStore> open(const SqliteStoreOptions& options) const {
    auto store = SqliteVerdictStore::open(file, StoreMode::read_write, options);
    EXPECT_TRUE(store) << store.error().sentence;
    return store ? std::move(*store) : nullptr;
  }

  test::TemporaryDirectory directory;
  const std::string file = directory.file("verdicts.db");
};

TEST_F(ForwardingStore, QueuesWhatIsToBeForwarded) {
  const auto queue = [&] {
    return test::SqliteFile(file).text(
        "SELECT group_concat(sequence || ' ' || substr(id, -2), ', ') FROM "
        "(SELECT * FROM forward_queue ORDER BY sequence)");
  };
  const std::vector<Verdict> first{numbered_verdict(11), numbered_verdict(12)};
  const std::vector<Verdict> second{numbered_verdict(12), numbered_verdict(13), numbered_verdict(13)};
  const std::vector<Verdict> third{numbered_verdict(14)};
  auto plain = open({});
  ASSERT_TRUE(plain->write({first.data(), 1}));
  EXPECT_EQ(queue(), "") << "nobody asked for it";

  auto forwarding = open({.forward = true});
  ASSERT_TRUE(forwarding->write(first));
  EXPECT_EQ(queue(), "1 12") << "the other was there";
  ASSERT_TRUE(forwarding->write(second));
  EXPECT_EQ(queue(), "1 12, 2 13");
  test::SqliteFile(file).execute("DELETE FROM forward_queue");
  ASSERT_TRUE(forwarding->write(third));
  EXPECT_EQ(queue(), "3 14") << "a number is never used twice";
}

TEST_F(ForwardingStore, QueuesNothingThatItDidNotWrite) {
  auto forwarding = open({.forward = true});
  test::SqliteFile(file).execute(
      "CREATE TRIGGER refuse BEFORE INSERT ON batch_counts BEGIN SELECT RAISE(ABORT, 'no counts'); END");
  const std::vector<Verdict> verdicts{numbered_verdict(1)};
  EXPECT_FALSE(forwarding->write(verdicts));
  EXPECT_EQ(test::SqliteFile(file).text("SELECT count(*) FROM forward_queue"), "0");
  EXPECT_EQ(test::SqliteFile(file).text("SELECT count(*) FROM verdicts"), "0");
}

}  // namespace
}  // namespace tecs
