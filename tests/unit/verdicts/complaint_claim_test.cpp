#include "verdicts/complaint_claim.hpp"

#include <gtest/gtest.h>

#include "unit/verdicts/complaint_samples.hpp"

namespace tecs {
namespace {

using test::ArfText;
using test::SignedConnection;

const std::chrono::sys_seconds now{std::chrono::seconds{1767225600}};
const std::string verdict = "TECS-Verdict: 0190163D-8694-739b-aea5-966c26f8ad90";

Claimed<ComplaintClaim> claim_of(const std::string& fields) {
  return read_claim(parse_arf(ArfText{.fields = fields}.mail()).value(), now);
}

TEST(ComplaintClaim, GivesWhatTheReportSays) {
  const auto claim = claim_of(
      "Source-IP: 198.51.100.7\nSource-Port: 40213\nReported-Domain: Sender.example\n"
      "Reported-Domain: mail.sender.example\n" +
      verdict + " ; x=y; receiver=mx.example.net\nTECS-Credential: " + SignedConnection{}.field() + "\n");
  ASSERT_TRUE(claim) << claim.error().detail;
  EXPECT_EQ(claim->feedback_type, "abuse");
  EXPECT_EQ(claim->reporter, "reporter.example");
  EXPECT_EQ(claim->verdict->id, "0190163d-8694-739b-aea5-966c26f8ad90");
  EXPECT_EQ(claim->verdict->receiver, "mx.example.net");
  EXPECT_EQ(claim->source_address->format(), "198.51.100.7");
  EXPECT_EQ(claim->source_port, 40213);
  EXPECT_EQ(claim->reported_domains.size(), 2U);
  EXPECT_EQ(claim->credential->credential.domain.text(), "sender.example");
  EXPECT_EQ(claim_of(verdict + "\n")->verdict->receiver, "");
}

TEST(ComplaintClaim, AReportedDomainMayBeAboveOrBelow) {
  struct Row {
    std::string reported;
    std::string domain;
    bool want;
  };
  for (const Row& row : {
           Row{"", "a.example", true},
           Row{"a.example", "a.example", true},
           Row{"A.Example", "a.example", true},
           Row{"mail.a.example", "a.example", true},
           Row{"a.example", "mail.a.example", true},
           Row{"b.example", "a.example", false},
           Row{"xa.example", "a.example", false},
           Row{"a.example", "xa.example", false},
           Row{"b.example\nReported-Domain: a.example", "a.example", true},
       }) {
    SCOPED_TRACE(row.reported + " " + row.domain);
    const auto claim =
        claim_of(verdict + "\n" + (row.reported.empty() ? "" : "Reported-Domain: " + row.reported + "\n"));
    ASSERT_TRUE(claim);
    EXPECT_EQ(claim->fits_domain(Domain::parse(row.domain).value()), row.want);
  }
}

// An IPv4-mapped address is the IPv4 address.
TEST(ComplaintClaim, ASourceMustBeTheSame) {
  struct Row {
    std::string fields;
    bool want;
  };
  for (const Row& row : {
           Row{"", true},
           Row{"Source-IP: 198.51.100.7\n", true},
           Row{"Source-IP: ::ffff:198.51.100.7\n", true},
           Row{"Source-IP: 198.51.100.8\n", false},
           Row{"Source-Port: 40213\n", true},
           Row{"Source-Port: 40214\n", false},
           Row{"Source-IP: 198.51.100.7\nSource-Port: 1\n", false},
       }) {
    SCOPED_TRACE(row.fields);
    const auto claim = claim_of(verdict + "\n" + row.fields);
    ASSERT_TRUE(claim);
    EXPECT_EQ(claim->fits_source(Endpoint::parse("198.51.100.7:40213").value()), row.want);
  }
}

TEST(ComplaintClaim, WhatIsToComeCannotBeComplainedOf) {
  const auto at = [](long long epoch) {
    return claim_of("TECS-Credential: " + SignedConnection{.epoch = epoch}.field() + "\n");
  };
  EXPECT_TRUE(at(1767225600 + 3600));
  EXPECT_FALSE(at(1767225600 + 3630));
  EXPECT_TRUE(at(0));
}

TEST(ComplaintClaim, ReportsOfOtherKindsAreNoComplaints) {
  for (const std::string type : {"not-spam", "Auth-Failure"}) {
    const auto claim = read_claim(
        parse_arf(ArfText{.fields = verdict + "\n", .first_fields = "Feedback-Type: " + type + "\n"}.mail())
            .value(),
        now);
    ASSERT_FALSE(claim);
    EXPECT_EQ(claim.error().reason, ComplaintReason::not_a_complaint);
  }
  for (const std::string type :
       {"", "two words", "a;b", "\xc3\xa4", "x234567890123456789012345678901234567890y"}) {
    const auto claim = read_claim(
        parse_arf(ArfText{.fields = verdict + "\n", .first_fields = "Feedback-Type: " + type + "\n"}.mail())
            .value(),
        now);
    ASSERT_FALSE(claim);
    EXPECT_EQ(claim.error().reason, ComplaintReason::bad_field);
  }
}

}  // namespace
}  // namespace tecs
