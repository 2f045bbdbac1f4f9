#include "tools/verdict_admission.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <string>

#include "tecs/key_record.hpp"
#include "tecs/printable_text.hpp"
#include "tecs/signing_key.hpp"
#include "unit/verdicts/verdict_samples.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;

class VerdictAdmission : public testing::Test {
 protected:
  // As a receiver would write it.
  static Verdict good() {
    Verdict verdict = test::full_verdict();
    verdict.key_record = "k=rsa; p=";
    return verdict;
  }
  [[nodiscard]] Expected<Verdict> admit(const Verdict& verdict) const {
    return admit_verdict(verdict, suffixes_, now_);
  }
  [[nodiscard]] Verdict admitted(const std::function<void(Verdict&)>& change) const {
    Verdict verdict = good();
    change(verdict);
    const auto result = admit(verdict);
    EXPECT_TRUE(result) << result.error().sentence;
    return result.value_or(Verdict{});
  }

  const PublicSuffixList suffixes_ = PublicSuffixList::load().value();
  const Verdict::Time now_ = test::full_verdict().time + 1h;
};

TEST_F(VerdictAdmission, WhatAReceiverWroteComesOutAsItIs) {
  Verdict verdict = good();
  const std::string hostile = printable_text("\x1b[2J \"\\ \xff", 255);
  verdict.helo = hostile;
  verdict.credential = hostile;
  verdict.detail = "the signature is not by the key of \"jgc.org\"";
  EXPECT_EQ(*admit(verdict), verdict);
  EXPECT_EQ(*admit(*admit(verdict)), verdict) << "however often";
}

// A receiver may have counted none of them, so how many they are to each other says nothing.
TEST_F(VerdictAdmission, AsManyMessagesAsAConnectionCanHave) {
  const Verdict verdict = admitted([](Verdict& v) {
    v.messages = 1'000'000;
    v.recipients = 0;
  });
  EXPECT_EQ(verdict.messages, 1'000'000U);
}

TEST_F(VerdictAdmission, AnUnsignedConnectionIsAVerdictToo) {
  Verdict verdict;
  verdict.id = good().id;
  verdict.time = now_;
  verdict.client = "192.0.2.7";
  Verdict want = verdict;
  want.client_network = "192.0.2.0/24";
  EXPECT_EQ(*admit(verdict), want);
}

TEST_F(VerdictAdmission, WhatFollowsFromTheRestIsNotBelieved) {
  const Verdict verdict = admitted([](Verdict& v) {
    v.domain = "A.B.Example.CO.UK";
    v.organizational_domain = "victim.example";
    v.client = "[2001:DB8:1:2::3]:25";
    v.client_network = "192.0.2.0/24";
  });
  EXPECT_EQ(verdict.domain, "a.b.example.co.uk");
  EXPECT_EQ(verdict.organizational_domain, "example.co.uk");
  EXPECT_EQ(verdict.client, "[2001:db8:1:2::3]:25");
  EXPECT_EQ(verdict.client_network, "2001:db8:1::/48");
  EXPECT_EQ(admitted([](Verdict& v) {
              v.domain.clear();
              v.organizational_domain = "victim.example";
            }).organizational_domain,
            "");
}

TEST_F(VerdictAdmission, TheIdIsInLowerCase) {
  EXPECT_EQ(admitted([](Verdict& v) { v.id = "0190163D-8694-739B-AEA5-966C26F8AD90"; }).id, good().id);
}

TEST_F(VerdictAdmission, TextsAreMadePrintableAndCut) {
  EXPECT_EQ(admitted([](Verdict& v) { v.helo = "\x1b[2J\n\xc3\xa9" + std::string(1, '\0'); }).helo,
            "\\x1b[2J\\x0a\\xc3\\xa9\\x00");
  const std::string long_text(100'000, 'x');
  const Verdict verdict = admitted([&](Verdict& v) {
    v.receiver = v.helo = v.tls = v.detail = v.credential = v.reputation_source = v.symbols = long_text;
  });
  EXPECT_EQ(verdict.receiver, std::string(255, 'x') + "...");
  EXPECT_EQ(verdict.helo.size(), 1023U);
  for (const std::string& text : {verdict.tls, verdict.detail, verdict.reputation_source, verdict.symbols})
    EXPECT_LE(text.size(), 1003U);
  EXPECT_LE(verdict.credential.size(), 30'000U);
}

TEST_F(VerdictAdmission, AKeyRecordIsKept) {
  const auto key = SigningKey::generate(KeyType::ed25519, 0);
  const std::string record = format_key_record(*key);
  EXPECT_EQ(admitted([&](Verdict& v) { v.key_record = record; }).key_record, record);
}

TEST_F(VerdictAdmission, RefusesWhatNoReceiverWrites) {
  struct Row {
    std::string name;
    std::function<void(Verdict&)> change;
    std::string want;
  };
  for (const Row& row : std::vector<Row>{
           {"no id", [](Verdict& v) { v.id.clear(); }, "id is not a UUID"},
           {"an id of something else", [](Verdict& v) { v.id = "1; DROP TABLE verdicts"; },
            "id is not a UUID"},
           {"server", [](Verdict& v) { v.server = "mx.example.net:25"; }, "server is not an end point"},
           {"client", [](Verdict& v) { v.client = "192.0.2.256:1"; }, "client is not an end point"},
           {"domain", [](Verdict& v) { v.domain = "a\r\nb.org"; }, "domain is not a domain"},
           {"one label", [](Verdict& v) { v.domain = "org"; }, "domain is not a domain"},
           {"pass of nobody",
            [](Verdict& v) {
              v.result = Result::pass;
              v.domain.clear();
            },
            "domain is missing, with a pass"},
           {"selector", [](Verdict& v) { v.selector = "a b"; }, "selector is not a selector"},
           {"reason", [](Verdict& v) { v.reason = "It is wrong"; }, "reason is not a word"},
           {"endless reason", [](Verdict& v) { v.reason = std::string(65, 'a'); }, "reason is not a word"},
           {"algorithm", [](Verdict& v) { v.algorithm = "rsa\n"; }, "algorithm is not a word"},
           {"action", [](Verdict& v) { v.action = "REJECT"; }, "action is not a word"},
           {"mode", [](Verdict& v) { v.mode = "<b>"; }, "mode is not a word"},
           {"reputation", [](Verdict& v) { v.reputation = "splendid"; }, "reputation is none"},
           {"key record", [](Verdict& v) { v.key_record = "p=%"; }, "key_record is not a key record"},
           {"too old", [](Verdict& v) { v.time = Verdict::Time{946684799999ms}; }, "time is before 2000"},
           {"future", [&](Verdict& v) { v.time = now_ + 24h + 1ms; }, "time is before 2000 or in the future"},
           {"epoch", [](Verdict& v) { v.epoch = std::chrono::sys_seconds{1s}; }, "epoch or epoch_offset"},
           {"endless epoch",
            [](Verdict& v) {
              v.epoch =
                  std::chrono::sys_seconds{std::chrono::seconds{std::numeric_limits<std::int64_t>::min()}};
            },
            "epoch or epoch_offset"},
           {"epoch offset", [](Verdict& v) { v.epoch_offset = -86'401s; }, "epoch or epoch_offset"},
           {"score", [](Verdict& v) { v.score = -1e7; }, "score is out of range"},
           {"endless score", [](Verdict& v) { v.score = std::numeric_limits<double>::infinity(); },
            "score is out of range"},
           {"key bits", [](Verdict& v) { v.key_bits = 65'537; }, "key_bits is out of range"},
           {"messages", [](Verdict& v) { v.messages = 1'000'001; }, "messages is out of range"},
           {"recipients", [](Verdict& v) { v.recipients = 1'000'001; }, "recipients is out of range"},
           {"pass for a reason", [](Verdict& v) { v.result = Result::pass; }, "reason is there, with a pass"},
           {"fail for no reason", [](Verdict& v) { v.reason.clear(); }, "reason is missing, with a fail"},
           {"bytes", [](Verdict& v) { v.bytes = 1'000'000'000'001; }, "bytes is out of range"},
           {"duration", [](Verdict& v) { v.duration = -1us; }, "duration, dns_time or"},
           {"endless duration", [](Verdict& v) { v.duration = 32 * 24h; }, "duration, dns_time or"},
           {"DNS time", [](Verdict& v) { v.dns_time = -1us; }, "duration, dns_time or"},
           {"verification time", [](Verdict& v) { v.verification_time = -1us; }, "duration, dns_time or"},
       }) {
    SCOPED_TRACE(row.name);
    Verdict verdict = good();
    row.change(verdict);
    const auto result = admit(verdict);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().reason, Reason::protocol_error);
    EXPECT_THAT(result.error().sentence, testing::StartsWith(row.want));
  }
}

}  // namespace
}  // namespace tecs
