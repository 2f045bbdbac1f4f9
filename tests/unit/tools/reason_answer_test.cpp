#include "tools/reason_answer.hpp"

#include <gtest/gtest.h>

#include <set>

namespace tecs {
namespace {

TEST(ReasonAnswer, IsThereForEveryReasonThatAVerdictCanHave) {
  // Of the signer and of people's tools.
  const std::set<std::string_view> never{"bad-key-file", "bad-zone-file", "bad-option", "bad-challenge"};
  std::set<std::string_view> words;
  for (unsigned i = 0; i <= static_cast<unsigned>(Reason::bad_challenge); ++i) {
    const std::string_view reason = word(static_cast<Reason>(i));
    words.insert(reason);
    const auto answer = answer_of_reason(reason);
    ASSERT_EQ(answer.has_value(), !never.contains(reason)) << reason;
    if (!answer) continue;
    EXPECT_EQ(word(answer->reason), reason);
    EXPECT_FALSE(answer->why.empty()) << reason;
    EXPECT_NE(answer->why.back(), '.') << reason;
    EXPECT_TRUE(answer->advice.empty() || answer->advice.back() == '.') << reason;
    EXPECT_EQ(answer->advice.empty(), answer->reason == Reason::signature_mismatch)
        << reason << ": only there more has to be looked at";
  }
  EXPECT_GT(words.size(), 30U);
  EXPECT_FALSE(answer_of_reason(""));
  EXPECT_FALSE(answer_of_reason("signature_mismatch"));
}

}  // namespace
}  // namespace tecs
