#include "verdicts/reputation_outlook.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string_view>

namespace tecs {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using namespace std::chrono_literals;

constexpr sys_days today = 2026y / 7 / 1;
constexpr Verdict::Time now = today + 13h;
constexpr ReputationRules rules{};

TEST(ReputationOutlook, TellsWhatWouldChange) {
  struct Row {
    std::string_view test;
    DailyEvidence evidence;
    days age;
    std::optional<std::pair<days, Reputation>> want_change;
    std::optional<std::int64_t> want_messages, want_complaints;
  };
  for (const Row& row : {
           Row{"nothing is known", {.day = today}, days{90}, {}, 400, 3},
           Row{"as many as are needed",
               {.day = today, .messages = 400},
               days{90},
               std::pair(days{1}, Reputation::unknown),
               {},
               19},
           Row{"twice as many",
               {.day = today, .messages = 800},
               days{90},
               std::pair(days{31}, Reputation::unknown),
               {},
               34},
           Row{"many, but young",
               {.day = today, .messages = 4000},
               days{2},
               std::pair(days{5}, Reputation::good),
               {},
               142},
           Row{"few", {.day = today, .messages = 390}, days{90}, {}, 10, 19},
           Row{"complaints",
               {.day = today, .messages = 400, .complaints = 2},
               days{90},
               std::pair(days{1}, Reputation::unknown),
               326,
               17},
           Row{"bad",
               {.day = today, .messages = 10, .complaints = 10},
               days{90},
               std::pair(days{192}, Reputation::unknown),
               1826,
               {}},
       }) {
    const ReputationOutlook got =
        look_ahead({.first_pass = now - row.age, .days = {row.evidence}}, rules, now);
    ASSERT_EQ(got.without_evidence.has_value(), row.want_change.has_value()) << row.test;
    if (row.want_change) {
      EXPECT_EQ(got.without_evidence->first - today, row.want_change->first) << row.test;
      EXPECT_EQ(got.without_evidence->second, row.want_change->second) << row.test;
    }
    EXPECT_EQ(got.messages_to_good, row.want_messages) << row.test;
    EXPECT_EQ(got.complaints_to_bad, row.want_complaints) << row.test;
  }
}

// A first pass late in the day makes a domain old enough as early as one in the morning.
TEST(ReputationOutlook, IsByTheDay) {
  for (const auto hour : {0h, 13h, 23h}) {
    const ReputationEvidence evidence{.first_pass = today - days{2} + hour,
                                      .days = {{.day = today, .messages = 4000}}};
    EXPECT_EQ(look_ahead(evidence, rules, now).without_evidence,
              (std::pair(sys_days(today + days{5}), Reputation::good)));
  }
}

TEST(ReputationOutlook, HoldsWhatItSays) {
  std::mt19937 random{7};
  const auto below = [&](int most) { return std::uniform_int_distribution<int>(0, most - 1)(random); };
  for (int round = 0; round < 200; ++round) {
    ReputationEvidence evidence{.first_pass = now - days{below(100)}, .days = {}};
    for (int day = 0; day < 5; ++day) {
      const int messages = below(2000);
      evidence.days.push_back({.day = today - days{below(100)},
                               .connections = messages,
                               .messages = messages,
                               .failures = below(50),
                               .complaints = below(20)});
    }
    const ReputationOutlook outlook = look_ahead(evidence, rules, now);
    const auto with = [&](std::int64_t DailyEvidence::*counted, std::int64_t count) {
      ReputationEvidence more = evidence;
      more.days.push_back({.day = today});
      more.days.back().*counted = count;
      return assess(more, rules, now).state;
    };
    if (const auto count = outlook.messages_to_good) {
      EXPECT_EQ(with(&DailyEvidence::messages, *count), Reputation::good);
      EXPECT_NE(with(&DailyEvidence::messages, *count - 1), Reputation::good);
    }
    if (const auto count = outlook.complaints_to_bad) {
      EXPECT_EQ(with(&DailyEvidence::complaints, *count), Reputation::bad);
      EXPECT_NE(with(&DailyEvidence::complaints, *count - 1), Reputation::bad);
    }
    if (const auto& change = outlook.without_evidence) {
      EXPECT_EQ(assess(evidence, rules, change->first + 13h).state, change->second);
      EXPECT_EQ(assess(evidence, rules, change->first - days{1} + 13h).state,
                assess(evidence, rules, now).state);
    }
  }
}

}  // namespace
}  // namespace tecs
