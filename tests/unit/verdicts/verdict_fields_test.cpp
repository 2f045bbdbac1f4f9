#include "verdicts/verdict_fields.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <set>

#include "unit/verdicts/verdict_samples.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;

TEST(VerdictFields, NameEachMemberOnce) {
  const Verdict full = test::full_verdict();
  const Verdict fresh;
  std::set<std::string_view> names;
  Verdict copy;
  for_each_field([&](const auto& field) {
    EXPECT_TRUE(names.insert(field.name).second) << field.name << " stands twice";
    EXPECT_NE(full.*(field.member), fresh.*(field.member)) << field.name << " is not set in the sample";
    copy.*(field.member) = full.*(field.member);
  });
  EXPECT_EQ(copy, full) << "some member is not in the table";
  EXPECT_EQ(names.size(), 34U);
}

TEST(VerdictFields, TimesAreTextsThatSortAsTheyDo) {
  struct Row {
    std::string_view text;
    Verdict::Time time;
  };
  std::string before;
  for (const Row& row : {
           Row{"1969-12-31T23:59:59.999Z", Verdict::Time{-1ms}},
           Row{"1970-01-01T00:00:00.000Z", Verdict::Time{0ms}},
           Row{"2007-02-07T00:00:10.007Z", Verdict::Time{1'170'806'410'007ms}},
           Row{"2024-02-29T12:00:00.000Z", Verdict::Time{1'709'208'000'000ms}},
           Row{"2026-01-01T00:00:00.789Z", Verdict::Time{1'767'225'600'789ms}},
           Row{"9999-12-31T23:59:59.999Z", Verdict::Time{253'402'300'799'999ms}},
       }) {
    EXPECT_EQ(encode_field(row.time), row.text);
    Verdict::Time back{};
    EXPECT_TRUE(decode_field(row.text, back)) << row.text;
    EXPECT_EQ(back, row.time) << row.text;
    EXPECT_LT(before, row.text);
    before = row.text;
  }
}

TEST(VerdictFields, RefuseWhatIsNoTime) {
  for (const std::string_view text :
       {"", "2026-01-01", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00.789", "2026-01-01 00:00:00.789Z",
        "2026-13-01T00:00:00.000Z", "2026-02-29T00:00:00.000Z", "2026-01-00T00:00:00.000Z",
        "2026-01-01T24:00:00.000Z", "2026-01-01T00:60:00.000Z", "2026-01-01T00:00:60.000Z",
        "-026-01-01T00:00:00.000Z", "2026-01-01T00:00:00.78aZ", "2026-01-01T00:00:00.7890Z",
        "2026-01-01T00:00:00.789z"}) {
    Verdict::Time time{5ms};
    EXPECT_FALSE(decode_field(text, time)) << text;
    EXPECT_EQ(time, Verdict::Time{5ms}) << text;
  }
}

TEST(VerdictFields, RefuseNumbersThatDoNotFit) {
  std::uint32_t small = 5;
  EXPECT_FALSE(decode_field(std::int64_t{-1}, small));
  EXPECT_FALSE(decode_field(std::int64_t{1} << 32U, small));
  EXPECT_EQ(small, 5U);
  EXPECT_TRUE(decode_field((std::int64_t{1} << 32U) - 1, small));
  EXPECT_EQ(small, std::numeric_limits<std::uint32_t>::max());
  std::uint64_t large = 5;
  EXPECT_FALSE(decode_field(std::int64_t{-1}, large));
  EXPECT_EQ(large, 5U);
}

TEST(VerdictFields, RefuseAScoreThatIsNoNumber) {
  std::optional<double> score = 5;
  for (const double wrong :
       {std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity(),
        std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_FALSE(decode_field(wrong, score));
    EXPECT_EQ(score, 5);
  }
  EXPECT_TRUE(decode_field(-5.2, score));
  EXPECT_EQ(score, -5.2);
}

TEST(VerdictFields, RefuseWordsThatAreNoResult) {
  Result result = Result::fail;
  EXPECT_FALSE(decode_field("PASS", result));
  EXPECT_FALSE(decode_field("", result));
  EXPECT_EQ(result, Result::fail);
  EXPECT_TRUE(decode_field("temperror", result));
  EXPECT_EQ(result, Result::temperror);
}

}  // namespace
}  // namespace tecs
