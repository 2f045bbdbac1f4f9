#include "verdicts/deferred_store.hpp"

#include <gtest/gtest.h>

#include "unit/verdicts/scripted_queue.hpp"
#include "unit/verdicts/scripted_store.hpp"

namespace tecs {
namespace {

TEST(DeferredStore, IsOpenedOnceByTheFirstThatNeedsIt) {
  test::StoreScript script;
  int openings = 0;
  const auto store = defer_store([&]() -> Expected<std::unique_ptr<VerdictStore>> {
    ++openings;
    return std::make_unique<test::ScriptedStore>(script);
  });
  EXPECT_EQ(openings, 0);
  EXPECT_TRUE(store->prepare());
  EXPECT_EQ(openings, 1);
  const Verdict verdict = test::numbered_verdict(1);
  EXPECT_TRUE(store->write({&verdict, 1}));
  EXPECT_TRUE(store->select({}, [](const Verdict&) { return true; }));
  EXPECT_EQ(openings, 1);
  EXPECT_EQ(script.ids(), std::vector{verdict.id});
}

TEST(DeferredStore, OneThatCannotBeOpenedIsTriedAgain) {
  test::StoreScript script;
  bool closed = true;
  const auto store = defer_store([&]() -> Expected<std::unique_ptr<VerdictStore>> {
    if (closed) return failure(Reason::io_error, "not now");
    return std::make_unique<test::ScriptedStore>(script);
  });
  const Verdict verdict = test::numbered_verdict(1);
  EXPECT_EQ(store->prepare().error().sentence, "not now");
  EXPECT_EQ(store->write({&verdict, 1}).error().sentence, "not now");
  closed = false;
  EXPECT_TRUE(store->write({&verdict, 1}));
}

TEST(DeferredQueue, IsOpenedOnceByTheFirstThatNeedsIt) {
  test::QueueScript script;
  script.add(0, 3);
  int openings = 0;
  const auto queue = defer_queue([&]() -> Expected<std::unique_ptr<ForwardQueue>> {
    if (++openings == 1) return failure(Reason::io_error, "not now");
    return std::make_unique<test::ScriptedQueue>(script);
  });
  EXPECT_EQ(queue->length().error().sentence, "not now");
  EXPECT_EQ(queue->length().value(), 3U);
  EXPECT_EQ(queue->front(2).value().size(), 2U);
  EXPECT_TRUE(queue->remove_to(2));
  EXPECT_EQ(script.size(), 1U);
  EXPECT_EQ(openings, 2);
}

}  // namespace
}  // namespace tecs
