#include "verdicts/complaint.hpp"

#include <gmock/gmock.h>

namespace tecs {
namespace {

using testing::StartsWith;

TEST(Complaint, WordsAreReadAsTheyAreWritten) {
  for (int i = 0; i <= static_cast<int>(ComplaintStatus::malformed); ++i) {
    const auto status = static_cast<ComplaintStatus>(i);
    EXPECT_EQ(parse_complaint_status(word(status)), status);
  }
  for (int i = 0; i <= static_cast<int>(ComplaintReason::evidence_limit); ++i) {
    const auto reason = static_cast<ComplaintReason>(i);
    EXPECT_EQ(parse_complaint_reason(word(reason)), reason);
  }
  EXPECT_EQ(word(ComplaintStatus::unverified), "unverified");
  EXPECT_EQ(word(ComplaintReason::none), "");
  EXPECT_EQ(word(ComplaintReason::evidence_limit), "evidence-limit");
  EXPECT_FALSE(parse_complaint_status("Counted"));
  EXPECT_FALSE(parse_complaint_reason("x"));
}

TEST(Complaint, TheIdTellsConnectionAndMessage) {
  Complaint complaint;
  complaint.domain = "a.example";
  complaint.source = "192.0.2.7:1";
  complaint.destination = "192.0.2.25:25";
  complaint.epoch = std::chrono::sys_seconds{std::chrono::seconds{30}};
  const std::string id = complaint_id(complaint, "m");
  EXPECT_THAT(id, StartsWith(complaint_connection_id(complaint)));
  EXPECT_EQ(id.size(), 80U);
  EXPECT_EQ(complaint_connection_id(complaint).size(), 48U);
  EXPECT_EQ(id.find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_NE(complaint_id(complaint, "n"), id);
  EXPECT_THAT(complaint_id(complaint, "n"), StartsWith(complaint_connection_id(complaint)));
  for (std::string Complaint::*member : {&Complaint::domain, &Complaint::source, &Complaint::destination}) {
    Complaint other = complaint;
    other.*member += "0";
    EXPECT_NE(complaint_connection_id(other), complaint_connection_id(complaint));
  }
  Complaint other = complaint;
  other.reporter = other.detail = other.verdict = "x";
  EXPECT_EQ(complaint_id(other, "m"), id);
  *other.epoch += std::chrono::seconds{30};
  EXPECT_NE(complaint_id(other, "m"), id);
}

// Mail of a domain to neighbours of a receiver on a day, whatever the connections.
TEST(Complaint, TheIdTellsDomainReceiverAndDay) {
  Complaint complaint;
  complaint.domain = "a.example";
  complaint.source = "192.0.2.7:1";
  complaint.destination = "192.0.2.25:25";
  complaint.epoch = std::chrono::sys_days{std::chrono::days{20000}};
  const std::string day = complaint_day_id(complaint);
  EXPECT_EQ(day.size(), 16U);
  EXPECT_THAT(complaint_connection_id(complaint), StartsWith(day));
  Complaint other = complaint;
  other.source = "198.51.100.7:1";
  other.destination = "192.0.2.26:587";
  *other.epoch += std::chrono::seconds{86370};
  EXPECT_EQ(complaint_day_id(other), day);
  *other.epoch += std::chrono::seconds{30};
  EXPECT_NE(complaint_day_id(other), day);
  other = complaint;
  other.destination = "192.0.3.25:25";
  EXPECT_NE(complaint_day_id(other), day);
  other = complaint;
  other.domain = "b.example";
  EXPECT_NE(complaint_day_id(other), day);
}

// No such id is among those of a connection, which have hexadecimal digits only.
TEST(Complaint, OneThatDoesNotCountHasAnIdOfAnotherKind) {
  EXPECT_THAT(uncounted_complaint_id(ComplaintStatus::forged, "m"), StartsWith("forged-"));
  EXPECT_NE(uncounted_complaint_id(ComplaintStatus::forged, "m"),
            uncounted_complaint_id(ComplaintStatus::forged, "n"));
}

}  // namespace
}  // namespace tecs
