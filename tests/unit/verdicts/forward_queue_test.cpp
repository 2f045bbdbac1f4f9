#include "verdicts/forward_queue.hpp"

#include <gtest/gtest.h>

#include "unit/verdicts/sqlite_file.hpp"
#include "unit/verdicts/temporary_directory.hpp"
#include "unit/verdicts/verdict_samples.hpp"
#include "verdicts/sqlite_verdict_store.hpp"

namespace tecs {
namespace {

using test::numbered_verdict;

class ForwardQueueTest : public testing::Test {
 protected:
  void write(unsigned first, unsigned count, bool forward = true) {
    auto store = SqliteVerdictStore::open(file, StoreMode::read_write, {.forward = forward});
    ASSERT_TRUE(store) << store.error().sentence;
    std::vector<Verdict> verdicts;
    for (unsigned i = first; i < first + count; ++i) verdicts.push_back(numbered_verdict(i));
    ASSERT_TRUE((*store)->write(verdicts));
  }
  [[nodiscard]] std::unique_ptr<ForwardQueue> open() const {
    auto database = open_verdict_database(StoreName::parse("sqlite:" + file).value(), StoreMode::read_write);
    EXPECT_TRUE(database) << database.error().sentence;
    return make_forward_queue(std::move(*database));
  }

  const test::TemporaryDirectory directory;
  const std::string file = directory.file("verdicts.db");
};

TEST_F(ForwardQueueTest, GivesWholeVerdictsInTheOrderInWhichTheyCame) {
  write(3, 2);
  write(0, 3);
  const auto queue = open();
  EXPECT_EQ(*queue->length(), 5U);
  const auto front = queue->front(4);
  ASSERT_TRUE(front) << front.error().sentence;
  ASSERT_EQ(front->size(), 4U);
  const std::vector<unsigned> want{3, 4, 0, 1};
  for (std::size_t i = 0; i < want.size(); ++i) {
    EXPECT_EQ((*front)[i].id, numbered_verdict(want[i]).id);
    EXPECT_EQ((*front)[i].verdict, numbered_verdict(want[i]));
  }
  EXPECT_EQ(*queue->length(), 5U) << "they stay";
}

TEST_F(ForwardQueueTest, TakesOutUpToOne) {
  write(0, 5);
  const auto queue = open();
  ASSERT_TRUE(queue->remove_to(queue->front(3)->back().sequence));
  EXPECT_EQ(*queue->length(), 2U);
  EXPECT_EQ(queue->front(10)->front().id, numbered_verdict(3).id);
  EXPECT_EQ(open()->front(10)->size(), 2U) << "also for whoever looks later";
  write(5, 1);
  EXPECT_EQ(queue->front(10)->size(), 3U);
}

TEST_F(ForwardQueueTest, IsEmptyOfVerdictsThatNobodyWantedToForward) {
  write(0, 5, false);
  const auto queue = open();
  EXPECT_EQ(*queue->length(), 0U);
  EXPECT_TRUE(queue->front(10)->empty());
}

// Forwarding was switched off and on again: what had been waiting still does.
TEST_F(ForwardQueueTest, KeepsWhatWaited) {
  write(0, 2);
  write(2, 2, false);
  write(4, 2);
  const auto front = open()->front(10);
  ASSERT_EQ(front->size(), 4U);
  EXPECT_EQ((*front)[1].id, numbered_verdict(1).id);
  EXPECT_EQ((*front)[2].id, numbered_verdict(4).id);
}

TEST_F(ForwardQueueTest, AVerdictThatCameTwiceWaitsOnce) {
  write(0, 2);
  write(0, 3);
  EXPECT_EQ(open()->front(10)->size(), 3U);
}

TEST_F(ForwardQueueTest, TellsOfVerdictsThatCannotBeSent) {
  write(0, 3);
  test::SqliteFile other(file);
  other.execute("DELETE FROM verdicts WHERE id = '" + numbered_verdict(0).id + "'");
  other.execute("UPDATE verdicts SET time = 'yesterday' WHERE id = '" + numbered_verdict(1).id + "'");
  const auto front = open()->front(10);
  ASSERT_EQ(front->size(), 3U);
  EXPECT_EQ((*front)[0].id, numbered_verdict(0).id);
  EXPECT_EQ((*front)[0].verdict.error().reason, Reason::protocol_error);
  EXPECT_EQ((*front)[1].verdict.error().reason, Reason::protocol_error);
  EXPECT_EQ((*front)[2].verdict, numbered_verdict(2));
}

}  // namespace
}  // namespace tecs
