#include "verdicts/reputation_formula.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string_view>

namespace tecs {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using namespace std::chrono_literals;

constexpr sys_days today = 2026y / 7 / 1;
constexpr Verdict::Time now = today + 13h;
constexpr ReputationRules rules{};

DailyEvidence clean(std::int64_t messages, days age = days{0}) {
  return {.day = today - age, .connections = messages, .messages = messages};
}

DailyEvidence with(DailyEvidence day, std::int64_t DailyEvidence::*member, std::int64_t count) {
  day.*member = count;
  return day;
}

DailyEvidence complained(std::int64_t complaints, std::int64_t messages, days age = days{0}) {
  return with(clean(messages, age), &DailyEvidence::complaints, complaints);
}

ReputationAssessment assess_days(std::vector<DailyEvidence> evidence, days age = days{400}) {
  return assess({.first_pass = now - age, .days = std::move(evidence)}, rules, now);
}

// The figures were computed apart from this program.
TEST(ReputationFormula, GivesTheFiguresOfTheDocument) {
  constexpr auto failures = &DailyEvidence::failures;
  constexpr auto replays = &DailyEvidence::replays;
  struct Row {
    std::string_view test;
    std::vector<DailyEvidence> evidence;
    days age;
    double want_number;
    Reputation want;
  };
  for (const Row& row : {
           Row{"clean and old", {clean(400)}, days{90}, 0, Reputation::good},
           Row{"clean, too few", {clean(399)}, days{90}, 0, Reputation::unknown},
           Row{"clean and half as old", {clean(400)}, days{45}, 0.05, Reputation::good},
           Row{"clean and just old enough", {clean(400)}, days{7}, 0.092222, Reputation::good},
           Row{"clean and too young", {clean(4000)}, days{6}, 0.093333, Reputation::unknown},
           Row{"clean a half-life ago", {clean(800, days{30})}, days{90}, 0, Reputation::good},
           Row{"clean a day more than that", {clean(800, days{31})}, days{90}, 0, Reputation::unknown},
           Row{"one complaint of few", {complained(1, 400)}, days{90}, 0.014715, Reputation::medium},
           Row{"one complaint of more", {complained(1, 1000)}, days{90}, 0.005884, Reputation::good},
           Row{"ten of 1000", {complained(10, 1000)}, days{90}, 0.181358, Reputation::medium},
           Row{"six of 100", {complained(6, 100)}, days{90}, 0.926204, Reputation::unknown},
           Row{"seven of 100", {complained(7, 100)}, days{90}, 1, Reputation::bad},
           Row{"seven of 100, and new", {complained(7, 100)}, days{0}, 1, Reputation::bad},
           Row{"two of two are too few", {complained(2, 2)}, days{90}, 1, Reputation::unknown},
           Row{"three of three", {complained(3, 3)}, days{90}, 1, Reputation::bad},
           Row{"three without a verdict", {complained(3, 0)}, days{90}, 1, Reputation::bad},
           Row{"three of three, a day later", {complained(3, 3, days{1})}, days{90}, 1, Reputation::bad},
           Row{"three of three, 139 days later",
               {complained(3, 3, days{139})},
               days{400},
               1,
               Reputation::bad},
           Row{"three of three, 140 days later",
               {complained(3, 3, days{140})},
               days{400},
               0.994362,
               Reputation::unknown},
           Row{"all failed", {with({.day = today}, failures, 9000)}, days{90}, 0.05, Reputation::unknown},
           Row{"half failed", {with(clean(400), failures, 400)}, days{90}, 0.025, Reputation::good},
           Row{"a flood failed", {with(clean(400), failures, 39600)}, days{90}, 0.0495, Reputation::good},
           Row{"a quarter replayed", {with(clean(600), replays, 200)}, days{90}, 0.025, Reputation::good},
           Row{"from tomorrow", {clean(400, days{-1})}, days{90}, 0, Reputation::good},
           Row{"the rest of 300 days", {complained(3072, 3072, days{300})}, days{400}, 1, Reputation::bad},
           Row{"older than ten half-lives",
               {complained(9999, 9999, days{301})},
               days{400},
               0,
               Reputation::unknown},
       }) {
    const ReputationAssessment got = assess_days(row.evidence, row.age);
    EXPECT_NEAR(got.number, row.want_number, 1e-6) << row.test;
    EXPECT_EQ(word(got.state), word(row.want)) << row.test;
  }
}

TEST(ReputationFormula, TellsWhatItIsMadeOf) {
  DailyEvidence first = complained(2, 100, days{30});
  first.failures = 20;
  DailyEvidence second = complained(4, 50);
  second.replays = 10;
  second.connections = 40;
  const ReputationAssessment got = assess_days({first, second}, days{9});
  EXPECT_EQ(got.evidence, (WeightedEvidence{90, 100, 10, 10, 5, 5}));
  EXPECT_EQ(got.age, days{9});
  EXPECT_NEAR(got.complaint_rate.lower, 0.021543, 1e-6);
  EXPECT_NEAR(got.complaint_rate.upper, 0.111751, 1e-6);
  EXPECT_NEAR(got.terms.complaints, 0.718123, 1e-6);
  EXPECT_NEAR(got.terms.failures, 0.005, 1e-12);
  EXPECT_NEAR(got.terms.replays, 0.01, 1e-12);
  EXPECT_NEAR(got.terms.youth, 0.09, 1e-12);
  EXPECT_DOUBLE_EQ(got.number,
                   got.terms.complaints + got.terms.failures + got.terms.replays + got.terms.youth);
}

TEST(ReputationFormula, HoldsNoEvidenceForUnknown) {
  const ReputationAssessment got = assess({}, rules, now);
  EXPECT_EQ(got.state, Reputation::unknown);
  EXPECT_EQ(got.evidence, WeightedEvidence{});
  EXPECT_EQ(got.complaint_rate, (WilsonInterval{0, 1}));
  EXPECT_FALSE(got.age);
  EXPECT_EQ(got.number, rules.youth_weight);
}

TEST(ReputationFormula, FollowsItsRules) {
  struct Row {
    std::string_view test;
    std::function<void(ReputationRules&)> change;
    Reputation want;
  };
  const ReputationEvidence evidence{.first_pass = now - days{20}, .days = {complained(10, 1000)}};
  for (const Row& row : {
           Row{"as they are", [](ReputationRules&) {}, Reputation::medium},
           Row{"good rate", [](ReputationRules& r) { r.good_rate = 0.02; }, Reputation::good},
           Row{"good number", [](ReputationRules& r) { r.good_rate = 0.02, r.good_number = 0.2; },
               Reputation::medium},
           Row{"bad rate", [](ReputationRules& r) { r.bad_rate = 0.005; }, Reputation::bad},
           Row{"minimum complaints",
               [](ReputationRules& r) { r.bad_rate = 0.005, r.minimum_complaints = 11; }, Reputation::medium},
           Row{"minimum volume", [](ReputationRules& r) { r.minimum_volume = 1001; }, Reputation::unknown},
           Row{"minimum age", [](ReputationRules& r) { r.minimum_age = days{21}; }, Reputation::unknown},
       }) {
    ReputationRules changed = rules;
    row.change(changed);
    EXPECT_EQ(word(assess(evidence, changed, now).state), word(row.want)) << row.test;
  }
}

TEST(ReputationFormula, ForgetsByHalves) {
  EXPECT_EQ(weight_of(days{0}, rules), 1);
  EXPECT_EQ(weight_of(days{-5}, rules), 1);
  EXPECT_EQ(weight_of(days{30}, rules), 0.5);
  EXPECT_EQ(weight_of(days{60}, rules), 0.25);
  EXPECT_EQ(weight_of(days{300}, rules), 1.0 / 1024);
  EXPECT_EQ(weight_of(days{301}, rules), 0);
  EXPECT_EQ(oldest_evidence(rules), days{300});
  ReputationRules fast;
  fast.half_life = 12h;
  EXPECT_EQ(oldest_evidence(fast), days{5});
  EXPECT_EQ(weight_of(days{1}, fast), 0.25);
}

// Three connections of an innocent domain are enough for three complaints. One receiver of which the store
// has no verdict is not enough to make it bad; it takes two, or what our own receivers have seen.
TEST(ReputationFormula, WantsComplaintsConfirmed) {
  struct Row {
    std::string_view test;
    std::int64_t complaints, without_verdict;
    std::size_t destinations;
    std::int64_t messages;
    Reputation want;
    double want_number;
  };
  for (const Row& row : {
           Row{"by one network", 3, 3, 1, 0, Reputation::unknown, 0},
           Row{"many, by one network", 300, 300, 1, 0, Reputation::unknown, 0},
           Row{"by no network", 3, 3, 0, 0, Reputation::unknown, 0},
           Row{"by two networks", 3, 3, 2, 0, Reputation::bad, 1},
           Row{"with verdicts", 3, 0, 0, 3, Reputation::bad, 1},
           Row{"one of three with a verdict", 3, 2, 1, 3, Reputation::unknown, 1},
           Row{"three more with verdicts", 6, 3, 1, 3, Reputation::bad, 1},
           Row{"takes good away", 30, 30, 1, 1000, Reputation::medium, 0},
           Row{"does not take good away", 2, 2, 1, 1000, Reputation::good, 0},
       }) {
    DailyEvidence day = complained(row.complaints, row.messages);
    day.complaints_without_verdict = row.without_verdict;
    const ReputationAssessment got =
        assess({.first_pass = now - days{90}, .days = {day}, .destinations = row.destinations}, rules, now);
    EXPECT_EQ(word(got.state), word(row.want)) << row.test;
    EXPECT_NEAR(got.number, row.want_number, 1e-9) << row.test;
  }
  ReputationRules lax;
  lax.minimum_destinations = 1;
  DailyEvidence day = complained(3, 0);
  day.complaints_without_verdict = 3;
  EXPECT_EQ(assess({.first_pass = {}, .days = {day}, .destinations = 1}, lax, now).state, Reputation::bad);
}

// By the day of the first pass, not by its hour.
TEST(ReputationFormula, HasAgesByTheCalendar) {
  const ReputationEvidence late{.first_pass = today - days{7} + 23h, .days = {clean(400)}};
  for (const Verdict::Time time : {Verdict::Time(today), now, Verdict::Time(today + 24h - 1ms)}) {
    EXPECT_EQ(assess(late, rules, time).age, days{7});
    EXPECT_EQ(assess(late, rules, time).state, Reputation::good);
  }
}

}  // namespace
}  // namespace tecs
