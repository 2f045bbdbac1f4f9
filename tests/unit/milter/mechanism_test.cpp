#include "milter/mechanism.hpp"

#include <gtest/gtest.h>

#include <string>

#include "unit/milter/mechanism_fixture.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;
using test::MechanismTest;

TEST_F(MechanismTest, PassMarksTheSessionThatWasSigned) {
  const SessionId first = open("198.51.100.7:1001");
  const SessionId second = open("198.51.100.7:1002");
  const SessionId third = open("198.51.100.7:1003");
  const auto verification = mechanism.authenticate(from_postfix(), signed_by(jgc, "198.51.100.7:1002"));
  EXPECT_EQ(verification.result, Result::pass) << verification.detail();
  EXPECT_EQ(result_of_session(first), Result::none);
  EXPECT_EQ(result_of_session(second), Result::pass);
  EXPECT_EQ(result_of_session(third), Result::none);
  const auto marked = registry.authentication(second);
  EXPECT_EQ(marked->credential, signed_by(jgc, "198.51.100.7:1002"));
  EXPECT_EQ(marked->dns_time, 2000us);
  EXPECT_EQ(marked->verification_time, 0us);  // this clock stands still meanwhile
  EXPECT_TRUE(unattributed.empty());
}

TEST_F(MechanismTest, SessionsOfOneAddressGetTheirOwnDomains) {
  const SessionId first = open("198.51.100.7:1001");
  const SessionId second = open("198.51.100.7:1002");
  EXPECT_EQ(mechanism.authenticate(from_postfix(), signed_by(other, "198.51.100.7:1001")).result,
            Result::pass);
  EXPECT_EQ(mechanism.authenticate(from_postfix(), signed_by(jgc, "198.51.100.7:1002")).result, Result::pass);
  EXPECT_EQ(registry.authentication(first)->verification.domain->text(), "other.example");
  EXPECT_EQ(registry.authentication(second)->verification.domain->text(), "jgc.org");
}

struct Attempt {
  const char* name;
  const char* response;  // null: a signature of another connection
  Result result;
  const char* reason;
};
const Attempt attempts[] = {
    {"WrongConnection", nullptr, Result::fail, "signature-mismatch"},
    {"NotBase64", "!!!", Result::permerror, "bad-base64"},
    {"Empty", "", Result::permerror, "bad-credential"},
    {"NoKey", "ZD1ub25lLmV4YW1wbGU7IGI9QUFBQQ==", Result::permerror, "no-key"},  // d=none.example; b=AAAA
    {"DnsDown", "ZD1kb3duLmV4YW1wbGU7IGI9QUFBQQ==", Result::temperror,
     "dns-timeout"},  // d=down.example; b=AAAA
};

class FailedAttempt : public MechanismTest, public testing::WithParamInterface<Attempt> {
 protected:
  Verification attempt(const SessionQuery& origin) {
    const Attempt& row = GetParam();
    const auto verification = mechanism.authenticate(
        origin, row.response == nullptr ? signed_by(jgc, "198.51.100.7:9999") : std::string(row.response));
    EXPECT_EQ(verification.result, row.result);
    EXPECT_EQ(reason(verification), row.reason);
    return verification;
  }
};

TEST_P(FailedAttempt, IsMarkedOnTheOneSessionItCanBe) {
  const SessionId only = open("198.51.100.7:1001");
  const SessionId elsewhere = open("198.51.100.8:1001");
  attempt(from_postfix());
  EXPECT_EQ(result_of_session(only), GetParam().result);
  EXPECT_EQ(result_of_session(elsewhere), Result::none);
  EXPECT_TRUE(unattributed.empty());
}

TEST_P(FailedAttempt, TouchesNobodyWhenItMayBeOneOfSeveral) {
  const SessionId first = open("198.51.100.7:1001");
  const SessionId second = open("198.51.100.7:1002");
  attempt(from_postfix());
  EXPECT_EQ(result_of_session(first), Result::none);
  EXPECT_EQ(result_of_session(second), Result::none);
  ASSERT_EQ(unattributed.size(), 1U);
  const Verdict& verdict = unattributed[0];
  EXPECT_EQ(verdict.client, "198.51.100.7");
  EXPECT_EQ(verdict.server, "192.0.2.25");
  EXPECT_EQ(verdict.receiver, "mx.example.net");
  EXPECT_EQ(verdict.result, GetParam().result);
  EXPECT_EQ(verdict.reason, GetParam().reason);
  EXPECT_EQ(verdict.messages, 0U);
}

TEST_P(FailedAttempt, DoesNotKeepTheOthersFromPassing) {
  const SessionId first = open("198.51.100.7:1001");
  std::ignore = open("198.51.100.7:1002");
  attempt(from_postfix());
  EXPECT_EQ(mechanism.authenticate(from_postfix(), signed_by(jgc, "198.51.100.7:1001")).result, Result::pass);
  attempt(from_postfix());
  EXPECT_EQ(result_of_session(first), Result::pass);
}

TEST_P(FailedAttempt, IsTiedByTheProcessWhenPostfixTellsIt) {
  const SessionId first = open("198.51.100.7:1001", 11);
  const SessionId second = open("198.51.100.7:1002", 12);
  attempt(from_postfix(12));
  EXPECT_EQ(result_of_session(first), Result::none);
  EXPECT_EQ(result_of_session(second), GetParam().result);
  EXPECT_TRUE(unattributed.empty());
}

INSTANTIATE_TEST_SUITE_P(All, FailedAttempt, testing::ValuesIn(attempts),
                         [](const auto& instance) { return std::string(instance.param.name); });

TEST_F(MechanismTest, ASignatureSeenOnOneConnectionIsOfNoUseToAnother) {
  const SessionId victim = open("198.51.100.7:1001");
  const std::string seen = signed_by(jgc, "198.51.100.7:1001");
  EXPECT_EQ(mechanism.authenticate(from_postfix(), seen).result, Result::pass);
  const SessionId thief = open("198.51.100.7:1002");
  const auto verification = mechanism.authenticate(from_postfix(), seen);
  EXPECT_EQ(verification.result, Result::fail);
  EXPECT_EQ(result_of_session(thief), Result::none) << "nothing says that it was not the victim again";
  EXPECT_EQ(unattributed.size(), 1U);
  EXPECT_EQ(result_of_session(victim), Result::pass);
}

TEST_F(MechanismTest, TheSameCredentialTwiceAtTheSameTimePassesOnce) {
  const SessionId session = open("198.51.100.7:1001");
  const std::string response = signed_by(jgc, "198.51.100.7:1001");
  keys.meanwhile = [&] {  // the other one is verified while this one waits for the key
    keys.meanwhile = nullptr;
    EXPECT_EQ(mechanism.authenticate(from_postfix(), response).result, Result::pass);
  };
  const auto verification = mechanism.authenticate(from_postfix(), response);
  EXPECT_EQ(verification.result, Result::fail);
  EXPECT_EQ(reason(verification), "replay");
  EXPECT_EQ(result_of_session(session), Result::pass);
  ASSERT_EQ(unattributed.size(), 1U);
  EXPECT_EQ(unattributed[0].domain, "jgc.org");
}

TEST_F(MechanismTest, AConnectionThatEndsMeanwhileDoesNotPass) {
  const SessionId session = open("198.51.100.7:1001");
  const std::string response = signed_by(jgc, "198.51.100.7:1001");
  keys.meanwhile = [&] { registry.close(session); };
  const auto verification = mechanism.authenticate(from_postfix(), response);
  EXPECT_EQ(verification.result, Result::temperror);
  EXPECT_EQ(reason(verification), "unknown-connection");
  EXPECT_EQ(unattributed.size(), 1U);
}

TEST_F(MechanismTest, UnknownConnectionIsTemperrorAndSaidInTheLogOnceAMinute) {
  const std::string response = signed_by(jgc, "198.51.100.7:1001");
  for (int i = 0; i < 3; ++i) {
    const auto verification = mechanism.authenticate(from_postfix(), response);
    EXPECT_EQ(verification.result, Result::temperror);
    EXPECT_EQ(reason(verification), "unknown-connection");
  }
  EXPECT_EQ(unattributed.size(), 3U);
  const auto count = [this] {
    std::size_t found = 0;
    for (std::size_t at = 0; (at = log_text.str().find("smtpd_milters", at)) != std::string::npos; ++at)
      ++found;
    return found;
  };
  EXPECT_EQ(count(), 1U);
  clock.advance(61s);
  std::ignore = mechanism.authenticate({}, response);  // no address at all
  EXPECT_EQ(count(), 2U);
  EXPECT_EQ(unattributed.back().client, "");
}

TEST_F(MechanismTest, TheTimeIsThatOfTheArrival) {
  std::ignore = open("198.51.100.7:1001");
  const std::string response = signed_by(jgc, "198.51.100.7:1001");
  keys.meanwhile = [this] { clock.advance(300s); };
  EXPECT_EQ(mechanism.authenticate(from_postfix(), response).result, Result::pass);
}

TEST_F(MechanismTest, PolicyIsMarkedOnTheSessionWhoseSignatureItIs) {
  set_rules({.verifier = {.require_dnssec = true}});
  const SessionId first = open("198.51.100.7:1001");
  const SessionId second = open("198.51.100.7:1002");
  EXPECT_EQ(mechanism.authenticate(from_postfix(), signed_by(jgc, "198.51.100.7:1001")).result,
            Result::policy);
  EXPECT_EQ(result_of_session(first), Result::policy);
  EXPECT_EQ(result_of_session(second), Result::none);
}

}  // namespace
}  // namespace tecs
