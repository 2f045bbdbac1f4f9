#include "program/duration.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace tecs {
namespace {

using namespace std::chrono_literals;

TEST(Duration, Parses) {
  struct Row {
    std::string_view text;
    std::chrono::milliseconds want;
  };
  for (const Row& row :
       {Row{"0ms", 0ms}, Row{"0s", 0ms}, Row{"1ms", 1ms}, Row{"500ms", 500ms}, Row{"2s", 2s}, Row{"5m", 5min},
        Row{"1h", 1h}, Row{"7d", 168h}, Row{"90s", 90s}, Row{"007s", 7s}, Row{"36500d", longest_duration}}) {
    SCOPED_TRACE(row.text);
    const auto duration = parse_duration(row.text);
    ASSERT_TRUE(duration) << duration.error().sentence;
    EXPECT_EQ(*duration, row.want);
  }
}

TEST(Duration, RefusesEverythingElse) {
  for (const std::string_view text :
       {"", "s", "5", "-5s", "+5s", " 5s", "5s ", "5 s", "1.5s", "5S", "5sec", "1h30m", "0x5s", "5w",
        "36501d", "4294967295d", "4294967296ms", "99999999999999999999s"}) {
    SCOPED_TRACE(text);
    const auto duration = parse_duration(text);
    ASSERT_FALSE(duration);
    EXPECT_EQ(duration.error().reason, Reason::bad_option);
    EXPECT_NE(duration.error().sentence.find("duration"), std::string::npos);
  }
}

TEST(Duration, FormatsInTheLargestWholeUnit) {
  EXPECT_EQ(format_duration(0ms), "0s");
  EXPECT_EQ(format_duration(500ms), "500ms");
  EXPECT_EQ(format_duration(1500ms), "1500ms");
  EXPECT_EQ(format_duration(2s), "2s");
  EXPECT_EQ(format_duration(90s), "90s");
  EXPECT_EQ(format_duration(120s), "2m");
  EXPECT_EQ(format_duration(1h), "1h");
  EXPECT_EQ(format_duration(25h), "25h");
  EXPECT_EQ(format_duration(168h), "7d");
}

// Whoever computes "now minus what the user gave" must not overflow, even in nanoseconds.
TEST(Duration, LongestFitsAClockInNanoseconds) {
  EXPECT_LT(longest_duration * 2, std::chrono::nanoseconds::max());
}

}  // namespace
}  // namespace tecs
