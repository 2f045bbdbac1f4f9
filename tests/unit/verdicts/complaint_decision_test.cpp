#include "verdicts/complaint_decision.hpp"

#include <gmock/gmock.h>

#include <vector>

#include "unit/verdicts/complaint_fixture.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;
using test::ArfText;
using test::complaint_about;
using test::first_id;
using test::key_name;
using test::replaced;
using test::second_id;
using test::SignedConnection;

class ComplaintDecision : public test::ComplaintFixture {};

INSTANTIATE_TEST_SUITE_P(Engines, ComplaintDecision, test::both_engines, test::engine_name);

TEST_P(ComplaintDecision, CountsWhatTheKeyInDnsConfirms) {
  const auto complaint = decide(complaint_about(connection_));
  ASSERT_TRUE(complaint) << complaint.error().sentence;
  EXPECT_EQ(complaint->status, ComplaintStatus::counted) << complaint->detail;
  EXPECT_EQ(complaint->domain, "sender.example");
  EXPECT_EQ(complaint->organizational_domain, "sender.example");
  EXPECT_EQ(complaint->key_source, "dns");
  EXPECT_EQ(complaint->reporter, "reporter.example");
  EXPECT_EQ(complaint->feedback_type, "abuse");
  EXPECT_EQ(complaint->source, connection_.source);
  EXPECT_EQ(complaint->destination, connection_.destination);
  EXPECT_EQ(complaint->epoch->time_since_epoch().count(), connection_.epoch);
  EXPECT_EQ(complaint->verdict, "");
  EXPECT_EQ(complaint->time, now_);
  EXPECT_EQ(book(), std::vector{*complaint});
}

TEST_P(ComplaintDecision, CountsWhatAVerdictConfirms) {
  keep(connection_.verdict(first_id));
  dns_.records.clear();
  const auto complaint = decide(ArfText{.fields = "TECS-Verdict: " + first_id +
                                                  "; receiver=mx.example.net\n"
                                                  "Reported-Domain: sender.example\n"
                                                  "Source-IP: 198.51.100.7\nSource-Port: 40213\n"}
                                    .mail());
  ASSERT_TRUE(complaint);
  EXPECT_EQ(complaint->status, ComplaintStatus::counted) << complaint->detail;
  EXPECT_EQ(complaint->key_source, "verdict");
  EXPECT_EQ(complaint->verdict, first_id);
  EXPECT_EQ(complaint->domain, "sender.example");
  EXPECT_EQ(complaint->source, connection_.source);
  EXPECT_EQ(dns_.asked, 0);
}

TEST_P(ComplaintDecision, WhatCanPassIsNotDecided) {
  dns_.fail(key_name);
  EXPECT_EQ(outcome(complaint_about(connection_)), "undecided dns-timeout");
  EXPECT_TRUE(book().empty());
  dns_.publish(key_name, format_key_record(test::sender_key()));
  EXPECT_EQ(outcome(complaint_about(connection_)), "counted ");
}

TEST_P(ComplaintDecision, TheSameComplaintCountsOnce) {
  keep(connection_.verdict(first_id, 10));
  const std::string fields = "TECS-Credential: " + connection_.field() + "\n";
  EXPECT_EQ(outcome(complaint_about(connection_)), "counted ");
  const std::string header = test::reported_message.substr(0, test::reported_message.find("\n\n") + 1);
  for (const std::string& again :
       {complaint_about(connection_), ArfText{.fields = fields, .boundary = "another"}.mail(),
        replaced(complaint_about(connection_), "\n", "\r\n"),
        replaced(complaint_about(connection_), "Reporter.example", "somebody.example"),
        ArfText{
            .fields = fields, .reported = header, .reported_header = "Content-Type: text/rfc822-headers\n"}
            .mail(),
        ArfText{.fields = "TECS-Verdict: " + first_id + "\n"}.mail()})
    EXPECT_EQ(outcome(again), "duplicate same-complaint");
  EXPECT_EQ(outcome(about(connection_, 2)), "counted ");
}

TEST_P(ComplaintDecision, NoMoreCountThanTheConnectionCarriedMessages) {
  keep(connection_.verdict(first_id, 2));
  EXPECT_EQ(outcome(about(connection_, 1)), "counted ");
  EXPECT_EQ(outcome(about(connection_, 2)), "counted ");
  EXPECT_EQ(outcome(about(connection_, 3)), "duplicate message-limit");
  const SignedConnection unknown{.source = "198.51.100.7:5"};  // to a receiver whose verdicts are not here
  EXPECT_EQ(outcome(about(unknown, 1)), "counted ");
  EXPECT_EQ(outcome(about(unknown, 2)), "duplicate message-limit");
  const SignedConnection empty{.source = "198.51.100.7:6"};
  keep(empty.verdict(second_id, 0));
  EXPECT_EQ(outcome(about(empty, 1)), "unverified no-message");
}

// One Message-ID for all of his mail does not help a spammer, nor does it to send it to many.
TEST_P(ComplaintDecision, TheMessageIdDoesNotMakeADuplicate) {
  keep(connection_.verdict(first_id, 10));
  for (int i = 0; i < 10; ++i) {
    const std::string user = "victim" + std::to_string(i);
    EXPECT_EQ(outcome(replaced(complaint_about(connection_), "victim", user)), "counted ") << i;
  }
}

// Whoever knows an id can invent messages; only a credential tells that one was there.
TEST_P(ComplaintDecision, AnIdAloneCountsOnce) {
  keep(connection_.verdict(first_id, 10));
  const auto by_id = [](int message) {
    return replaced(ArfText{.fields = "TECS-Verdict: " + first_id + "\n"}.mail(), "<1@",
                    "<" + std::to_string(message) + "@");
  };
  EXPECT_EQ(outcome(by_id(1)), "counted ");
  EXPECT_EQ(outcome(by_id(2)), "duplicate message-limit");
  EXPECT_EQ(outcome(about(connection_, 2)), "counted ");
}

// Credentials from retries or a log, and mail that was invented to go with them.
TEST_P(ComplaintDecision, WithoutAVerdictFewCountOfADomainAReceiverAndADay) {
  limits_.without_verdict = 3;
  const auto at = [](int port, long long later = 0, const std::string& destination = "192.0.2.25:25") {
    return SignedConnection{.destination = destination,
                            .source = "198.51.100.7:" + std::to_string(port),
                            .epoch = SignedConnection{}.epoch + later};
  };
  EXPECT_EQ(outcome(complaint_about(at(1))), "counted ");
  EXPECT_EQ(outcome(complaint_about(at(2, 82800))), "counted ");
  EXPECT_EQ(outcome(complaint_about(at(3, 0, "192.0.2.200:587"))), "counted ");
  EXPECT_EQ(outcome(complaint_about(at(4))), "unverified evidence-limit");
  EXPECT_EQ(outcome(complaint_about(at(1))), "duplicate same-complaint");
  EXPECT_EQ(outcome(complaint_about(at(5, 86400))), "counted ");
  EXPECT_EQ(outcome(complaint_about(at(6, 0, "192.0.3.25:25"))), "counted ");
  keep(at(7).verdict(first_id));
  EXPECT_EQ(outcome(complaint_about(at(7))), "counted ");
  EXPECT_EQ(outcome(complaint_about(at(4))), "unverified evidence-limit");
}

// Who cannot make the evidence cannot take the place of the one who can either.
TEST_P(ComplaintDecision, AForgedComplaintDoesNotMakeTheRightOneADuplicate) {
  EXPECT_EQ(outcome(complaint_about({.key = test::other_key()})), "forged signature-mismatch");
  EXPECT_EQ(outcome(complaint_about(connection_)), "counted ");
}

TEST_P(ComplaintDecision, NothingOfTheMessageAndNoAddressIsWritten) {
  ASSERT_TRUE(decide(complaint_about(connection_)));
  ASSERT_TRUE(decide(test::reported_message));
  ASSERT_TRUE(database().query(
      "SELECT id || detail || verdict || domain || selector || reporter || feedback_type FROM complaints", {},
      [](const SqlRow& row) {
        EXPECT_THAT(std::string(row.text(0)), testing::Not(testing::HasSubstr("@")));
        EXPECT_THAT(std::string(row.text(0)), testing::Not(testing::HasSubstr("watches")));
        return true;
      }));
}

TEST_P(ComplaintDecision, TheBookIsAskedByDomainStatusAndTime) {
  ASSERT_TRUE(decide(complaint_about(connection_)));
  ASSERT_TRUE(decide(test::reported_message));
  const auto count = [&](const ComplaintQuery& query) {
    std::size_t found = 0;
    EXPECT_TRUE(select_complaints(database(), query, [&](const Complaint&) {
      ++found;
      return true;
    }));
    return found;
  };
  EXPECT_EQ(count({}), 2U);
  EXPECT_EQ(count({.domain = "sender.example"}), 1U);
  EXPECT_EQ(count({.domain = "other.example"}), 0U);
  EXPECT_EQ(count({.status = ComplaintStatus::malformed}), 1U);
  EXPECT_EQ(count({.since = now_, .until = now_ + 1ms}), 2U);
  EXPECT_EQ(count({.since = now_ + 1ms}), 0U);
  EXPECT_EQ(count({.until = now_}), 0U);
}

}  // namespace
}  // namespace tecs
