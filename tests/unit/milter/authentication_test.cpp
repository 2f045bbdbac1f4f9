#include "milter/authentication.hpp"

#include <gtest/gtest.h>

#include <string>

namespace tecs {
namespace {

TEST(Authentication, EvidenceIsPrintableAndBounded) {
  EXPECT_EQ(evidence_of("QUJD"), "QUJD");
  EXPECT_EQ(evidence_of("a\nb\xff"), "a\\x0Ab\\xFF");
  // 4,096 octets make 5,464 digits of base64; no credential has more.
  EXPECT_EQ(evidence_of(std::string(5464, 'A')), std::string(5464, 'A'));
  EXPECT_EQ(evidence_of(std::string(16000, 'A')), std::string(5464, 'A') + "...");
}

TEST(Authentication, DescribesAPass) {
  Authentication authentication;
  Verification& verification = authentication.verification;
  verification.result = Result::pass;
  verification.domain = *Domain::parse("JGC.org");
  verification.selector = *Selector::parse("s1");
  verification.algorithm = Algorithm::ed25519_sha256;
  verification.key_bits = 256;
  const std::string key_record = "k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";  // of RFC 8463
  verification.key_record = select_key_record({"v=DKIM1; t=y; " + key_record}).value();
  verification.dnssec = true;
  verification.testing = true;
  verification.epoch_offset = std::chrono::seconds(-30);
  const Endpoint destination = *Endpoint::parse("192.0.2.25:25");
  authentication.tuple = *ConnectionTuple::make(destination, *Endpoint::parse("198.51.100.7:40213"));
  authentication.epoch = Epoch::nearest(std::chrono::sys_seconds(std::chrono::seconds(1'170'806'410)));
  authentication.reputation = ReputationAnswer{Reputation::good, "file:/etc/tecs/list", "jgc.org"};
  authentication.credential = "QUJD";
  authentication.dns_time = std::chrono::microseconds(7);
  authentication.verification_time = std::chrono::microseconds(8);

  Verdict verdict;
  verdict.helo = "stays";
  verdict.server = "10.0.0.25:25";
  Verdict want = verdict;
  describe(authentication, verdict);
  want.server = "192.0.2.25:25";
  want.epoch = std::chrono::sys_seconds(std::chrono::seconds(1'170'806'400));
  want.reputation = "good";
  want.reputation_source = "file:/etc/tecs/list";
  want.result = Result::pass;
  want.detail = "pass";
  want.domain = "jgc.org";
  want.selector = "s1";
  want.algorithm = "ed25519-sha256";
  want.key_bits = 256;
  want.dnssec = true;
  want.testing = true;
  want.epoch_offset = std::chrono::seconds(-30);
  want.credential = "QUJD";
  want.key_record = key_record;
  want.dns_time = std::chrono::microseconds(7);
  want.verification_time = std::chrono::microseconds(8);
  EXPECT_EQ(verdict, want);
}

TEST(Authentication, DescribesAFailureOfWhichNothingIsKnown) {
  Verdict verdict;
  describe(
      Authentication{.verification = failed_verification({Reason::bad_base64, "the response is not base64"}),
                     .credential = "!"},
      verdict);
  EXPECT_EQ(verdict.result, Result::permerror);
  EXPECT_EQ(verdict.reason, "bad-base64");
  EXPECT_EQ(verdict.detail, "the response is not base64");
  EXPECT_EQ(verdict.domain + verdict.selector + verdict.algorithm + verdict.key_record, "");
  EXPECT_EQ(verdict.credential, "!");
}

}  // namespace
}  // namespace tecs
