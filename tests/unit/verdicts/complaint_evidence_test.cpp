#include "verdicts/complaint_evidence.hpp"

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

class ComplaintEvidenceCheck : public test::ComplaintFixture {};

INSTANTIATE_TEST_SUITE_P(Engines, ComplaintEvidenceCheck, test::both_engines, test::engine_name);

// The key that a receiver wrote down when it verified with it decides; what stands in DNS now does not.
TEST_P(ComplaintEvidenceCheck, TheKeptKeyDecidesWhateverBecameOfItInDns) {
  for (const auto& record :
       {format_key_record(test::other_key()), std::string("v=DKIM1; k=rsa; p="), std::string()}) {
    SCOPED_TRACE(record);
    dns_.publish(key_name, record);
    keep_pass(test::sender_key(), -60min, first_id);
    const SignedConnection connection{.source = "198.51.100.7:" + std::to_string(1000 + record.size())};
    const auto complaint = decide(complaint_about(connection));
    ASSERT_TRUE(complaint);
    EXPECT_EQ(complaint->status, ComplaintStatus::counted) << complaint->detail;
    EXPECT_EQ(complaint->key_source, "kept");
  }
  dns_.fail(key_name);
  EXPECT_EQ(outcome(complaint_about(connection_)), "counted ");
  EXPECT_EQ(dns_.asked, 0);
}

// Whoever signs may change his key with each connection, so that the keys around it say nothing against it.
TEST_P(ComplaintEvidenceCheck, AKeyThatStoodBeforeAndAfterLeavesRoomForAnother) {
  keep_pass(test::sender_key(), -60min, first_id);
  keep_pass(test::sender_key(), 60min, second_id);
  const SignedConnection alternated{.key = test::other_key()};
  EXPECT_EQ(outcome(about(alternated, 1)), "forged signature-mismatch");
  dns_.fail(key_name);
  EXPECT_EQ(outcome(about(alternated, 1)), "undecided dns-timeout");
  dns_.records.clear();
  EXPECT_EQ(outcome(about(alternated, 1)), "unverified no-key");
  dns_.publish(key_name, format_key_record(test::other_key()));
  EXPECT_EQ(outcome(about(alternated, 1)), "counted ");
}

TEST_P(ComplaintEvidenceCheck, TheKeyOfTheConnectionsOwnVerdictFitsWhateverItsNeighboursHad) {
  dns_.records.clear();
  for (const auto later : {-20s, -10s, 10s, 20s})
    keep_pass(test::sender_key(), later, replaced(first_id, "90", std::to_string(50 + later.count())));
  const SignedConnection alternated{.key = test::other_key()};
  Verdict own = alternated.verdict(second_id);
  own.time -= 20h;  // it stayed open for long before it signed
  keep(own);
  const auto complaint = decide(complaint_about(alternated));
  ASSERT_TRUE(complaint);
  EXPECT_EQ(complaint->status, ComplaintStatus::counted) << complaint->detail;
  EXPECT_EQ(complaint->verdict, second_id);
  EXPECT_EQ(dns_.asked, 0);
}

TEST_P(ComplaintEvidenceCheck, AnyOfTheKeysNearThatTimeMayFit) {
  dns_.records.clear();
  keep_pass(test::sender_key(), -60min, first_id);
  keep_pass(test::other_key(), -30min, second_id);
  keep_pass(test::other_key(), 30min, replaced(second_id, "0190", "0191"));
  EXPECT_EQ(outcome(complaint_about(connection_)), "counted ");
}

// Credentials that were sent go through many hands.
TEST_P(ComplaintEvidenceCheck, AConnectionOfLongAgoIsNotAnsweredFor) {
  keep(connection_.verdict(first_id));
  const std::string by_id = ArfText{.fields = "TECS-Verdict: " + first_id + "\n"}.mail();
  now_ = connection_.verdict(first_id).time + std::chrono::days{30} + 1ms;
  EXPECT_EQ(outcome(complaint_about(connection_)), "unverified too-old");
  EXPECT_EQ(outcome(by_id), "unverified too-old");
  EXPECT_EQ(dns_.asked, 0);
  now_ -= 1ms;
  EXPECT_EQ(outcome(complaint_about(connection_)), "counted ");
  EXPECT_EQ(outcome(by_id), "duplicate same-complaint");
}

TEST_P(ComplaintEvidenceCheck, AReceiversNameIsComparedWithoutCase) {
  Verdict verdict = connection_.verdict(first_id);
  verdict.receiver = "MX.Example.Net";
  keep(verdict);
  EXPECT_EQ(outcome(ArfText{.fields = "TECS-Verdict: " + first_id + "; receiver=mx.example.net\n"}.mail()),
            "counted ");
}

TEST_P(ComplaintEvidenceCheck, KeepsApartWhatDoesNotVerify) {
  Verdict failed = connection_.verdict(second_id);
  failed.result = Result::fail;
  failed.reason = "signature-mismatch";
  failed.key_record.clear();
  keep(failed);
  Verdict passed = SignedConnection{.source = "198.51.100.9:9"}.verdict(first_id);
  keep(passed);
  const std::string good = complaint_about(connection_);
  const auto with_fields = [](const std::string& fields) { return ArfText{.fields = fields}.mail(); };
  const std::string evidence = "TECS-Credential: " + connection_.field() + "\n";
  const std::string verdict = "TECS-Verdict: " + first_id;
  struct Row {
    std::string test;
    std::string mail;
    std::string want;
  };
  for (const Row& row : {
           Row{"another key", complaint_about({.key = test::other_key()}), "forged signature-mismatch"},
           Row{"another source", replaced(good, "198.51.100.7:40213", "198.51.100.7:40214"),
               "forged signature-mismatch"},
           Row{"another destination", replaced(good, "192.0.2.25:25", "192.0.2.26:25"),
               "forged signature-mismatch"},
           Row{"an epoch later", replaced(good, "=1767225600", "=1767225630"), "forged signature-mismatch"},
           Row{"an epoch earlier", replaced(good, "=1767225600", "=1767225570"), "forged signature-mismatch"},
           Row{"a domain without a key", complaint_about({.domain = "other.example"}), "unverified no-key"},
           Row{"no evidence", with_fields("Source-IP: 198.51.100.7\n"), "unverified no-evidence"},
           Row{"an unknown verdict",
               with_fields("TECS-Verdict: " + replaced(first_id, "0190", "0191") + "\n"),
               "unverified unknown-verdict"},
           Row{"a verdict that failed", with_fields("TECS-Verdict: " + second_id + "\n"),
               "unverified not-passed"},
           Row{"a verdict that failed, with the credential",
               with_fields(evidence + "TECS-Verdict: " + second_id + "\n"), "unverified not-passed"},
           Row{"a verdict of another domain", with_fields(verdict + "\nReported-Domain: other.example\n"),
               "unverified other-connection"},
           Row{"a verdict of another source", with_fields(verdict + "\nSource-IP: 198.51.100.7\n"),
               "unverified other-connection"},
           Row{"a verdict of another port", with_fields(verdict + "\nSource-Port: 10\n"),
               "unverified other-connection"},
           Row{"a verdict of another receiver", with_fields(verdict + "; receiver=mx.other.example\n"),
               "unverified other-connection"},
           Row{"a verdict of another connection than the credential", with_fields(evidence + verdict + "\n"),
               "unverified other-connection"},
           Row{"the verdict's connection, and a forged credential",
               with_fields("TECS-Credential: " +
                           SignedConnection{.source = "198.51.100.9:9", .key = test::other_key()}.field() +
                           "\n" + verdict + "\n"),
               "forged signature-mismatch"},
           Row{"a contradicting Source-IP", complaint_about(connection_, "Source-IP: 198.51.100.8\n"),
               "malformed contradiction"},
           Row{"a contradicting Source-Port", complaint_about(connection_, "Source-Port: 25\n"),
               "malformed contradiction"},
           Row{"a contradicting domain", complaint_about(connection_, "Reported-Domain: other.example\n"),
               "malformed contradiction"},
           Row{"two credentials", complaint_about(connection_, evidence), "malformed contradiction"},
           Row{"two verdicts", complaint_about(connection_, verdict + "\n" + verdict + "\n"),
               "malformed contradiction"},
           Row{"an id that is none", with_fields("TECS-Verdict: 1\n"), "malformed bad-field"},
           Row{"a tag twice behind the id", with_fields(verdict + "; receiver=a; receiver=b\n"),
               "malformed bad-field"},
           Row{"neither epoch nor Arrival-Date", replaced(good, "epoch=", "x="), "malformed bad-field"},
           Row{"a connection of tomorrow", complaint_about({.epoch = 1767225600 + 2LL * 86400}),
               "malformed bad-field"},
           Row{"an encoded word", with_fields("TECS-Credential: =?utf-8?q?" + connection_.field() + "?=\n"),
               "malformed bad-field"},
           Row{"Source-IP is none", complaint_about(connection_, "Source-IP: here\n"), "malformed bad-field"},
           Row{"Source-Port is none", complaint_about(connection_, "Source-Port: 0\n"),
               "malformed bad-field"},
           Row{"Reported-Domain is none", complaint_about(connection_, "Reported-Domain: a b\n"),
               "malformed bad-field"},
           Row{"no Feedback-Type", replaced(good, "Feedback-Type", "X"), "malformed bad-field"},
           Row{"not spam", replaced(good, ": abuse", ": Not-Spam"), "unverified not-a-complaint"},
           Row{"an ordinary mail", test::reported_message, "malformed not-arf"},
       }) {
    SCOPED_TRACE(row.test);
    EXPECT_EQ(outcome(row.mail), row.want);
    EXPECT_EQ(outcome(row.mail), row.want);  // the same mail again changes nothing
  }
  for (const Complaint& complaint : book()) EXPECT_NE(complaint.status, ComplaintStatus::counted);
  EXPECT_EQ(outcome(good), "counted ");
}

TEST_P(ComplaintEvidenceCheck, WithoutAKeyNothingIsVerified) {
  struct Row {
    std::string test;
    std::string record;
    std::string want;
  };
  for (const Row& row : {
           Row{"none", "", "unverified no-key"},
           Row{"a policy record", "o=~", "unverified no-key"},
           Row{"revoked", "v=DKIM1; p=", "unverified key-revoked"},
           Row{"broken", "v=DKIM1; p=%", "unverified unusable-key"},
           Row{"of another type", format_key_record(SigningKey::generate(KeyType::ed25519, 0).value()),
               "unverified unusable-key"},
           Row{"of somebody else", format_key_record(test::other_key()), "forged signature-mismatch"},
       }) {
    SCOPED_TRACE(row.test);
    dns_.publish(key_name, row.record);
    EXPECT_EQ(outcome(complaint_about(connection_)), row.want);
  }
}

TEST_P(ComplaintEvidenceCheck, WithoutAnEpochArrivalDateIsAStepOffAtMost) {
  const std::string no_epoch = replaced(complaint_about(connection_, "Arrival-Date: DATE\n"), "epoch=", "x=");
  struct Row {
    std::string date;
    std::string want;
  };
  for (const Row& row : {
           Row{"Thu, 1 Jan 2026 00:00:50 +0000", "forged signature-mismatch"},
           Row{"Thu, 1 Jan 2026 00:00:44 +0000", "counted "},
           Row{"Wed, 31 Dec 2025 23:59:20 +0000", "duplicate same-complaint"},
           Row{"Thu, 1 Jan 2026 01:00:00 +0100", "duplicate same-complaint"},
           Row{"yesterday", "malformed bad-field"},
       }) {
    SCOPED_TRACE(row.date);
    EXPECT_EQ(outcome(replaced(no_epoch, "DATE", row.date)), row.want);
  }
}

}  // namespace
}  // namespace tecs
