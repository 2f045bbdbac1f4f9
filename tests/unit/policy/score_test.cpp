#include "milter/policy/score.hpp"

#include <gtest/gtest.h>

namespace tecs::test {
namespace {

struct ScoreRow {
  const char* text;
  const char* formatted;
};

TEST(Score, is_printed_as_it_was_written) {
  for (const auto& [text, formatted] : {ScoreRow{"0", "0.0"},
                                        {"-0", "0.0"},
                                        {"4", "4.0"},
                                        {"-0.2", "-0.2"},
                                        {"0.5", "0.5"},
                                        {"-5.25", "-5.25"},
                                        {"1.125", "1.125"},
                                        {"0.001", "0.001"},
                                        {"-0.050", "-0.05"},
                                        {"1000", "1000.0"},
                                        {"-1000.000", "-1000.0"},
                                        {"0007", "7.0"}}) {
    const auto score = Score::parse(text);
    ASSERT_TRUE(score) << text;
    EXPECT_EQ(score->format(), formatted) << text;
  }
}

TEST(Score, is_a_number_and_nothing_else) {
  for (const char* const text :
       {"",         "-",     "+1",    "1.",    ".5",  "1.2345", "1,5", " 1",   "1 ",   "1e3",
        "1000.001", "-1001", "99999", "00007", "0x1", "nan",    "--1", "1.-5", "1..5", "1.5.5"}) {
    EXPECT_FALSE(Score::parse(text)) << text;
  }
}

TEST(Score, sums_are_exact) {
  Score score;
  for (const char* const text : {"-1", "-4", "-0.2"}) score += *Score::parse(text);
  EXPECT_EQ(score.format(), "-5.2");
  EXPECT_EQ(score.value(), -5.2);
  for (int i = 0; i < 52; ++i) score += *Score::parse("0.1");
  EXPECT_EQ(score, Score());
}

TEST(Score, more_counts_against) {
  EXPECT_LT(*Score::parse("-5.2"), *Score::parse("-5.1"));
  EXPECT_GT(*Score::parse("4"), *Score::parse("3.999"));
}

}  // namespace
}  // namespace tecs::test
