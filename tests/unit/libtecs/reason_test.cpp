#include "tecs/reason.hpp"

#include <gtest/gtest.h>

#include <set>

namespace tecs {
namespace {

TEST(Result, WordsAreThoseOfRfc8601AndComeBack) {
  for (const char* text : {"none", "pass", "fail", "policy", "neutral", "temperror", "permerror"}) {
    const auto result = parse_result(text);
    ASSERT_TRUE(result) << text;
    EXPECT_EQ(word(*result), text);
  }
  EXPECT_FALSE(parse_result("Pass"));
  EXPECT_FALSE(parse_result(""));
}

TEST(Reason, EachHasAWordOfItsOwnAndAResult) {
  std::set<std::string_view> words;
  for (int i = 0; i <= static_cast<int>(Reason::bad_challenge); ++i) {
    const auto reason = static_cast<Reason>(i);
    EXPECT_TRUE(words.insert(word(reason)).second) << word(reason);
    EXPECT_EQ(word(reason).find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-"),
              std::string_view::npos);
    EXPECT_NE(result_of(reason), Result::pass);
    EXPECT_NE(result_of(reason), Result::none);
  }
}

// The limits against abuse: one that the client itself has reached is not for later, the others are.
TEST(Reason, LimitsEndInTheResultThatTheClientShouldActOn) {
  EXPECT_EQ(result_of(Reason::too_many_attempts), Result::policy);
  EXPECT_EQ(result_of(Reason::too_many_lookups), Result::temperror);
  EXPECT_EQ(result_of(Reason::too_many_sessions), Result::temperror);
  EXPECT_EQ(result_of(Reason::replay_unknown), Result::temperror);
}

}  // namespace
}  // namespace tecs
