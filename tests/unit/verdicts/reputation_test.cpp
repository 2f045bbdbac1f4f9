#include "verdicts/reputation.hpp"

#include <gtest/gtest.h>

namespace tecs::test {
namespace {

TEST(Reputation, is_written_as_its_word_and_read_again) {
  for (const auto reputation : {Reputation::unknown, Reputation::good, Reputation::medium, Reputation::bad})
    EXPECT_EQ(parse_reputation(word(reputation)), reputation);
  EXPECT_EQ(word(Reputation::medium), "medium");
}

TEST(Reputation, is_read_in_letters_of_either_case_and_in_no_other_words) {
  EXPECT_EQ(parse_reputation("Good"), Reputation::good);
  EXPECT_EQ(parse_reputation("BAD"), Reputation::bad);
  for (const char* const word : {"", "goo", "goods", " good", "neutral"})
    EXPECT_EQ(parse_reputation(word), std::nullopt) << word;
}

}  // namespace
}  // namespace tecs::test
