// Whose an AUTH is: what one client sends must not become another's result, nor use up what is another's.
#include <gtest/gtest.h>

#include <string>

#include "milter/mechanism.hpp"
#include "unit/milter/mechanism_fixture.hpp"

namespace tecs {
namespace {

using test::endpoint;
using test::MechanismTest;

constexpr const char* own = "198.51.100.7:1001";
constexpr const char* neighbours = "198.51.100.7:1002";
constexpr const char* malformed = "ZD14";  // d=x

// Without the tie between the doors, who has passed can still send AUTH after STARTTLS.
TEST_F(MechanismTest, WhatComesAfterAPassMayBeOfTheOneThatPassed) {
  std::ignore = open(own);
  const SessionId neighbour = open(neighbours);
  EXPECT_EQ(mechanism.authenticate(from_postfix(), signed_by(jgc, own)).result, Result::pass);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(reason(mechanism.authenticate(from_postfix(), malformed)), "bad-domain");
  }
  EXPECT_EQ(result_of_session(neighbour), Result::none);
  ASSERT_EQ(unattributed.size(), 5U);
  EXPECT_EQ(unattributed[0].client, "198.51.100.7") << "without a port, as it may be either's";
  const auto verification = mechanism.authenticate(from_postfix(), signed_by(other, neighbours));
  EXPECT_EQ(verification.result, Result::pass) << reason(verification);
  EXPECT_EQ(result_of_session(neighbour), Result::pass);
}

// Nobody can tell whether the AUTH came from a connection that the registry had no room for.
TEST_F(MechanismTest, WhileAConnectionIsNotKnownNobodyIsTheOnlyOne) {
  registry.set_maximum(2);
  const SessionId known = open(own, 11);
  const SessionId elsewhere = open("198.51.100.8:1001", 12);
  EXPECT_NE(mechanism.challenge(from_postfix()), "") << "full, but all are known";
  EXPECT_FALSE(registry.open({endpoint(neighbours), endpoint("192.0.2.25:25"), {}}));
  registry.close(elsewhere);  // there is room again, but who was refused is still there
  EXPECT_EQ(mechanism.challenge(from_postfix()), "");
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(reason(mechanism.authenticate(from_postfix(), malformed)), "bad-domain");
  }
  EXPECT_EQ(result_of_session(known), Result::none);
  EXPECT_EQ(unattributed.size(), 5U);
  EXPECT_NE(mechanism.challenge(from_postfix(11)), "") << "the process tells";
  EXPECT_EQ(reason(mechanism.authenticate(from_postfix(11), malformed)), "bad-domain");
  EXPECT_EQ(result_of_session(known), Result::permerror);
  EXPECT_EQ(mechanism.authenticate(from_postfix(), signed_by(jgc, own)).result, Result::pass)
      << "a signature tells whose it is";
  registry.close_refused();
  EXPECT_NE(mechanism.challenge(from_postfix()), "");
}

TEST_F(MechanismTest, ASignatureIsNotForgottenWhileTheClockIsWrong) {
  const SessionId victim = open(own, 11);
  const std::string seen = signed_by(jgc, own);
  EXPECT_EQ(mechanism.authenticate(from_postfix(11), seen).result, Result::pass);
  registry.close(victim);
  clock.jump(-std::chrono::minutes(30));
  std::ignore = open("198.51.100.8:1001", 12);
  EXPECT_EQ(
      mechanism.authenticate(from_plugin("198.51.100.8:1001"), signed_by(other, "198.51.100.8:1001")).result,
      Result::pass);
  clock.jump(std::chrono::minutes(30));
  std::ignore = open(own, 13);
  EXPECT_EQ(reason(mechanism.authenticate(from_postfix(13), seen)), "replay");
}

// An MTA gives up on an AUTH while DNS is slow, and its client tries again.
TEST_F(MechanismTest, AnAuthThatEndsLateDoesNotReplaceALaterOne) {
  const std::string down = "ZD1kb3duLmV4YW1wbGU7IGI9QUFBQQ==";  // d=down.example; b=AAAA
  const SessionId session = open(own, 11);
  keys.meanwhile = [&] {
    keys.meanwhile = nullptr;
    EXPECT_EQ(mechanism.authenticate(from_postfix(11), signed_by(jgc, own)).result, Result::pass);
  };
  EXPECT_EQ(mechanism.authenticate(from_postfix(11), down).result, Result::temperror);
  EXPECT_EQ(result_of_session(session), Result::pass);
  ASSERT_EQ(unattributed.size(), 1U) << "it is not lost";
  EXPECT_EQ(unattributed[0].reason, "dns-timeout");
}

TEST_F(MechanismTest, APassThatEndsLateDoesNotReplaceALaterFailure) {
  const SessionId session = open(own, 11);
  keys.meanwhile = [&] {
    keys.meanwhile = nullptr;
    EXPECT_EQ(mechanism.authenticate(from_postfix(11), malformed).result, Result::permerror);
  };
  EXPECT_EQ(mechanism.authenticate(from_postfix(11), signed_by(jgc, own)).result, Result::temperror);
  EXPECT_EQ(result_of_session(session), Result::permerror) << "as the MTA says";
  EXPECT_EQ(log_text.str().find("smtpd_milters"), std::string::npos) << "the milter is there";
}

}  // namespace
}  // namespace tecs
