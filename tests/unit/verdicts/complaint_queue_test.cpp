#include "verdicts/complaint_queue.hpp"

#include <gmock/gmock.h>

#include <algorithm>

#include "tecs/digest.hpp"
#include "unit/verdicts/complaint_samples.hpp"
#include "unit/verdicts/store_under_test.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;
using test::complaint_about;
using test::SignedConnection;
using Step = QueuedDecision::Step;

class ComplaintQueue : public test::StoreUnderTest {
 protected:
  ComplaintQueue() { dns_.publish(key_name_, format_key_record(test::sender_key())); }

  void put(const std::string& mail) { ASSERT_TRUE(queue_complaint(database(), mail, now_)); }
  QueuedDecision decide(Verdict::Time now) {
    const auto decision = decide_queued_complaint(context(), now, options_, 0);
    EXPECT_TRUE(decision) << decision.error().sentence;
    return decision.value_or(QueuedDecision{});
  }
  std::uint64_t waiting() { return count_queued_complaints(database()).value(); }
  std::vector<Complaint> book() {
    std::vector<Complaint> complaints;
    EXPECT_TRUE(select_complaints(database(), {}, [&](const Complaint& complaint) {
      complaints.push_back(complaint);
      return true;
    }));
    return complaints;
  }
  ComplaintContext context() { return {database(), dns_, suffixes_}; }

  const std::string key_name_ = "_domainkey.sender.example";
  const Verdict::Time now_ = SignedConnection{}.verdict("").time + 24h;
  const PublicSuffixList suffixes_ = PublicSuffixList::load().value();
  const ComplaintQueueOptions options_;
  test::ComplaintDns dns_;
};

INSTANTIATE_TEST_SUITE_P(Engines, ComplaintQueue, test::both_engines, test::engine_name);

TEST_P(ComplaintQueue, WhatIsPutIsDecidedOnce) {
  put(complaint_about({}));
  put(complaint_about({}));  // the same octets
  put("no complaint");
  put(std::string("\0\xff", 2));
  EXPECT_EQ(waiting(), 3U);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(decide(now_).step, Step::decided);
  EXPECT_EQ(decide(now_).step, Step::none);
  EXPECT_EQ(waiting(), 0U);
  EXPECT_EQ(book().size(), 3U);
}

TEST_P(ComplaintQueue, WaitsLongerEachTimeAndGivesUpInTheEnd) {
  put(complaint_about({}));
  dns_.fail(key_name_);
  auto now = now_;
  int tries = 0;
  std::chrono::milliseconds wait = 15min;
  for (; tries < 1000; ++tries) {
    const auto decision = decide(now);
    if (decision.step == Step::decided) break;
    ASSERT_EQ(decision.step, Step::postponed);
    EXPECT_EQ(decision.sentence, "no answer in time");
    // Not before its time.
    EXPECT_EQ(decide(now + wait - 1ms).step, Step::none);
    now += wait;
    wait = std::min<std::chrono::milliseconds>(wait * 3, 24h);
  }
  EXPECT_EQ(tries, 9);
  EXPECT_GT(now - now_, 96h);
  EXPECT_LT(now - now_, options_.patience + 24h);
  ASSERT_EQ(book().size(), 1U);
  EXPECT_EQ(book().front().status, ComplaintStatus::unverified);
  EXPECT_EQ(book().front().reason, ComplaintReason::given_up);
  EXPECT_EQ(book().front().domain, "sender.example");
  EXPECT_EQ(waiting(), 0U);
}

TEST_P(ComplaintQueue, OneThatWaitsKeepsNoOther) {
  put(complaint_about({}));
  dns_.fail(key_name_);
  EXPECT_EQ(decide(now_).step, Step::postponed);
  put("no complaint");
  EXPECT_EQ(decide(now_).step, Step::decided);
  dns_.publish(key_name_, format_key_record(test::sender_key()));
  EXPECT_EQ(decide(now_ + options_.first_retry).complaint.status, ComplaintStatus::counted);
}

TEST_P(ComplaintQueue, NothingGrowsTooOldByWaiting) {
  put(complaint_about({}));
  EXPECT_EQ(decide(now_ + std::chrono::days{30}).complaint.status, ComplaintStatus::counted);
}

// The store takes nothing of it: the mail stays, and those behind it have their turn.
TEST_P(ComplaintQueue, WhatCannotBeWrittenStaysAndKeepsNoOther) {
  put("no complaint");
  ASSERT_TRUE(database().execute("ALTER TABLE complaints RENAME TO away"));
  EXPECT_FALSE(decide_queued_complaint(context(), now_, options_, 0));
  ASSERT_TRUE(database().execute("ALTER TABLE away RENAME TO complaints"));
  EXPECT_EQ(waiting(), 1U);
  EXPECT_EQ(decide(now_).step, Step::none);
  EXPECT_EQ(decide(now_ + options_.first_retry).step, Step::decided);
}

TEST_P(ComplaintQueue, AMailThatGrewOldIsGivenUpAtTheFirstTry) {
  put(complaint_about({}));
  dns_.fail(key_name_);
  EXPECT_EQ(decide(now_ + options_.patience).complaint.reason, ComplaintReason::given_up);
}

TEST_P(ComplaintQueue, WhatWasNeverTriedComesFirst) {
  put(complaint_about({}));
  dns_.fail(key_name_);
  EXPECT_EQ(decide(now_).step, Step::postponed);
  const auto later = now_ + options_.first_retry;
  ASSERT_TRUE(queue_complaint(database(), "came second", later));
  ASSERT_TRUE(queue_complaint(database(), "came first", later - 1ms));
  const auto first = decide(later);
  EXPECT_EQ(first.complaint.id,
            uncounted_complaint_id(ComplaintStatus::malformed, text_of(sha256(octets_of("came first")))));
  EXPECT_EQ(decide(later).step, Step::decided);
  EXPECT_EQ(decide(later).step, Step::postponed);
}

// Patience ends with a mail that cannot be looked at, as the store fails when it is.
TEST_P(ComplaintQueue, AMailWithWhichTheStoreFailsIsGivenUp) {
  put(complaint_about({}));
  ASSERT_TRUE(database().execute("ALTER TABLE verdicts RENAME TO away"));
  auto now = now_;
  int tries = 0;
  while (tries < 100 && !decide_queued_complaint(context(), now, options_, 0)) {
    ++tries;
    now += options_.longest_retry;
  }
  EXPECT_EQ(tries, 5);
  EXPECT_EQ(waiting(), 0U);
  ASSERT_EQ(book().size(), 1U);
  EXPECT_EQ(book().front().reason, ComplaintReason::given_up);
}

}  // namespace
}  // namespace tecs
