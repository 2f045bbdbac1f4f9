// Whose an AUTH is: what one client sends must not become another's result, nor use up what is another's.
#include <gtest/gtest.h>

#include <string>

#include "milter/mechanism.hpp"
#include "unit/milter/mechanism_fixture.hpp"

namespace tecs {
namespace {

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

}  // namespace
}  // namespace tecs
