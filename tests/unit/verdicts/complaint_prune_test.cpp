#include "verdicts/complaint_prune.hpp"

#include <gmock/gmock.h>

#include "unit/verdicts/complaint_fixture.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using testing::UnorderedElementsAre;

class ComplaintPrune : public test::ComplaintFixture {
 protected:
  void write(const std::string& id, ComplaintStatus status, std::chrono::milliseconds age) {
    Complaint complaint;
    complaint.id = id;
    complaint.time = now_ - age;
    complaint.status = status;
    ASSERT_TRUE(write_complaint(database(), complaint));
  }
  std::vector<std::string> left() {
    std::vector<std::string> ids;
    for (const Complaint& complaint : book()) ids.push_back(complaint.id);
    return ids;
  }
};

INSTANTIATE_TEST_SUITE_P(Engines, ComplaintPrune, test::both_engines, test::engine_name);

TEST_P(ComplaintPrune, TakesWhatIsOldAndLeavesWhatCounts) {
  write("a", ComplaintStatus::counted, days{30} + 1ms);
  write("b", ComplaintStatus::counted, days{730});
  write("c", ComplaintStatus::counted, days{730} + 1ms);
  write("duplicate-a", ComplaintStatus::duplicate, days{30} + 1ms);
  write("forged-a", ComplaintStatus::forged, days{30});
  write("forged-b", ComplaintStatus::forged, days{30} + 1ms);
  write("malformed-a", ComplaintStatus::malformed, days{30} + 1ms);
  write("unverified-a", ComplaintStatus::unverified, days{1000});
  const auto options = complaint_prune_options(now_, days{300});
  EXPECT_EQ(prune_complaints(database(), options), 5U);
  EXPECT_THAT(left(), UnorderedElementsAre("a", "b", "forged-a"));
  EXPECT_EQ(prune_complaints(database(), options), 0U);
}

TEST_P(ComplaintPrune, LeavesWhatWeighs) {
  write("a", ComplaintStatus::counted, days{1000});
  write("b", ComplaintStatus::counted, days{1001});
  EXPECT_EQ(prune_complaints(database(), complaint_prune_options(now_ + 1ms, days{1000})), 2U);
  write("a", ComplaintStatus::counted, days{1000});
  write("b", ComplaintStatus::counted, days{1001});
  EXPECT_EQ(prune_complaints(database(), complaint_prune_options(now_, days{1000})), 1U);
  EXPECT_THAT(left(), UnorderedElementsAre("a"));
}

TEST_P(ComplaintPrune, GoesOverAllOfTheTableInSmallSteps) {
  for (int i = 0; i < 10; ++i) {
    write("forged-" + std::to_string(i), ComplaintStatus::forged, i % 2 == 0 ? days{31} : days{1});
  }
  ComplaintPruneOptions options = complaint_prune_options(now_, days{300});
  for (const std::size_t rows : {3U, 1U, 100U}) {
    options.rows_at_a_time = rows;
    EXPECT_EQ(prune_complaints(database(), options), 5U) << rows;
    EXPECT_EQ(left().size(), 5U);
    for (int i = 0; i < 10; i += 2) write("forged-" + std::to_string(i), ComplaintStatus::forged, days{31});
  }
}

// While its row is there, and the connection is answered for, it is a duplicate.
TEST_P(ComplaintPrune, NothingCountsTwice) {
  const std::string mail = test::complaint_about(connection_);
  EXPECT_EQ(outcome(mail), "counted ");
  for (const days later : {days{28}, days{1}, days{1}, days{700}}) {
    now_ += later;
    EXPECT_TRUE(prune_complaints(database(), complaint_prune_options(now_, days{300})));
    EXPECT_NE(outcome(mail), "counted ");
  }
}

}  // namespace
}  // namespace tecs
