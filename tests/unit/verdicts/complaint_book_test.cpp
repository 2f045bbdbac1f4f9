#include "verdicts/complaint_book.hpp"

#include "unit/verdicts/store_under_test.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;

class ComplaintBook : public test::StoreUnderTest {
 protected:
  static Complaint complaint(const std::string& id) {
    return {.id = id,
            .time = Verdict::Time{1767225600789ms},
            .status = ComplaintStatus::forged,
            .reason = ComplaintReason::signature_mismatch,
            .detail = "detail",
            .verdict = "verdict",
            .domain = "mail.sender.example",
            .organizational_domain = "sender.example",
            .selector = "sel",
            .reporter = "reporter.example",
            .feedback_type = "abuse",
            .source = "[2001:db8::7]:1",
            .destination = "[2001:db8::25]:25",
            .epoch = std::chrono::sys_seconds{1767225600s},
            .connection_time = Verdict::Time{1767225500001ms},
            .key_source = "kept"};
  }
  std::vector<Complaint> book() {
    std::vector<Complaint> complaints;
    EXPECT_TRUE(select_complaints(database(), {}, [&](const Complaint& each) {
      complaints.push_back(each);
      return true;
    }));
    return complaints;
  }
};

INSTANTIATE_TEST_SUITE_P(Engines, ComplaintBook, test::both_engines, test::engine_name);

TEST_P(ComplaintBook, GivesBackWhatWasWritten) {
  Complaint later = complaint("b");
  later.time += 1ms;
  later.epoch.reset();
  later.status = ComplaintStatus::malformed;
  ASSERT_TRUE(write_complaint(database(), complaint("a")));
  ASSERT_TRUE(write_complaint(database(), later));
  ASSERT_TRUE(write_complaint(database(), complaint("c")));
  EXPECT_EQ(book(), (std::vector{later, complaint("c"), complaint("a")}));
}

TEST_P(ComplaintBook, TheSameIdIsWrittenOnce) {
  ASSERT_TRUE(write_complaint(database(), complaint("a")));
  Complaint other = complaint("a");
  other.domain = "other.example";
  ASSERT_TRUE(write_complaint(database(), other));
  EXPECT_EQ(book(), std::vector{complaint("a")});
}

TEST_P(ComplaintBook, StopsWhenEnoughWasSeen) {
  for (const std::string id : {"a", "b", "c"}) ASSERT_TRUE(write_complaint(database(), complaint(id)));
  int seen = 0;
  ASSERT_TRUE(select_complaints(database(), {}, [&](const Complaint&) { return ++seen < 2; }));
  EXPECT_EQ(seen, 2);
}

// A complaint that is rolled back leaves its place to the next.
TEST_P(ComplaintBook, CountsWithinTheTransaction) {
  const VerifiedComplaint verified{.complaint = complaint(""), .message = "m"};
  EXPECT_FALSE(database().transaction([&]() -> Expected<void> {
    EXPECT_EQ(count_complaint(database(), verified, "mail")->status, ComplaintStatus::counted);
    EXPECT_EQ(count_complaint(database(), verified, "mail")->status, ComplaintStatus::duplicate);
    return failure(Reason::io_error, "given up");
  }));
  EXPECT_TRUE(book().empty());
  EXPECT_TRUE(database().transaction([&]() -> Expected<void> {
    EXPECT_EQ(count_complaint(database(), verified, "mail")->status, ComplaintStatus::counted);
    return {};
  }));
  EXPECT_EQ(book().size(), 1U);
}

}  // namespace
}  // namespace tecs
