// Properties of the formula, on evidence of all sizes.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>

#include "verdicts/reputation_formula.hpp"

namespace tecs {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using namespace std::chrono_literals;

constexpr sys_days today = 2026y / 7 / 1;
constexpr Verdict::Time now = today + 13h;
constexpr ReputationRules rules{};

class ReputationProperties : public testing::Test {
 protected:
  std::int64_t count() {
    // Nothing, a few and very many are all frequent.
    const double magnitude = std::uniform_real_distribution<double>(-3, 20)(random_);
    return magnitude < 0 ? 0 : static_cast<std::int64_t>(std::exp2(magnitude));
  }

  DailyEvidence day() {
    const auto age = days{std::uniform_int_distribution<int>(-1, 320)(random_)};
    DailyEvidence made{today - age, count(), count(), count(), count(), count()};
    made.complaints_without_verdict = std::min(made.complaints, count());
    return made;
  }

  ReputationEvidence evidence() {
    ReputationEvidence made;
    if (count() != 0) made.first_pass = now - days{std::uniform_int_distribution<int>(0, 200)(random_)};
    made.destinations = static_cast<std::size_t>(count() % 4);
    for (auto left = count() % 12; left > 0; --left) made.days.push_back(day());
    return made;
  }

  // Calls check(evidence, changed) for evidence and the same with one day more, of which change has the say.
  void for_each_change(
      const std::function<void(DailyEvidence&)>& change,
      const std::function<void(const ReputationAssessment&, const ReputationAssessment&)>& check) {
    for (int round = 0; round < 3000; ++round) {
      const ReputationEvidence before = evidence();
      ReputationEvidence after = before;
      DailyEvidence more{.day = day().day};
      change(more);
      after.days.push_back(more);
      check(assess(before, rules, now), assess(after, rules, now));
    }
  }

  static constexpr double rounding = 1e-12;
  std::mt19937_64 random_{20260701};  // the same evidence in each run
};

TEST_F(ReputationProperties, MoreComplaintsNeverLowerTheNumber) {
  for_each_change([this](DailyEvidence& day) { day.complaints = count(); },
                  [](const ReputationAssessment& before, const ReputationAssessment& after) {
                    EXPECT_GE(after.number, before.number - rounding);
                    EXPECT_GE(after.complaint_rate.lower, before.complaint_rate.lower - rounding);
                  });
}

TEST_F(ReputationProperties, MoreComplaintsNeverTakeBadAway) {
  for_each_change([this](DailyEvidence& day) { day.complaints = count(); },
                  [](const ReputationAssessment& before, const ReputationAssessment& after) {
                    if (before.state == Reputation::bad) {
                      EXPECT_EQ(after.state, Reputation::bad);
                    }
                  });
}

TEST_F(ReputationProperties, MoreCleanVolumeNeverRaisesTheNumber) {
  for_each_change([this](DailyEvidence& day) { day.connections = day.messages = count(); },
                  [](const ReputationAssessment& before, const ReputationAssessment& after) {
                    EXPECT_LE(after.number, before.number + rounding);
                  });
}

TEST_F(ReputationProperties, FailuresAndReplaysMoveTheNumberByNoMoreThanTheirWeight) {
  for_each_change([this](DailyEvidence& day) { day.failures = count(), day.replays = count(); },
                  [](const ReputationAssessment& before, const ReputationAssessment& after) {
                    EXPECT_GE(after.number, before.number - rounding);
                    EXPECT_LE(after.number,
                              before.number + rules.failures_weight + rules.replays_weight + rounding);
                    EXPECT_EQ(after.state == Reputation::bad, before.state == Reputation::bad);
                    EXPECT_EQ(after.state == Reputation::unknown, before.state == Reputation::unknown);
                  });
}

// What anybody can do to a domain by sending bad signatures in its name: nothing, as long as nobody replays
// its good ones.
TEST_F(ReputationProperties, FailuresAloneChangeNoState) {
  for (int round = 0; round < 3000; ++round) {
    ReputationEvidence before = evidence();
    for (DailyEvidence& day : before.days) day.failures = day.replays = 0;
    ReputationEvidence after = before;
    after.days.push_back({.day = today, .failures = 1 + count()});
    EXPECT_EQ(assess(after, rules, now).state, assess(before, rules, now).state);
  }
}

TEST_F(ReputationProperties, ANumberIsFromNoughtToOne) {
  for (int round = 0; round < 3000; ++round) {
    const ReputationAssessment got = assess(evidence(), rules, now);
    EXPECT_TRUE(got.number >= 0 && got.number <= 1) << got.number;
    EXPECT_LE(got.complaint_rate.lower, got.complaint_rate.upper);
  }
}

TEST_F(ReputationProperties, TheOrderOfTheEvidenceChangesNoBit) {
  for (int round = 0; round < 3000; ++round) {
    ReputationEvidence one = evidence();
    ReputationEvidence other = one;
    std::shuffle(other.days.begin(), other.days.end(), random_);
    EXPECT_EQ(assess(one, rules, now), assess(other, rules, now));
  }
}

TEST_F(ReputationProperties, TheSameDayHasTheSameNumber) {
  for (int round = 0; round < 300; ++round) {
    const ReputationEvidence some = evidence();
    EXPECT_EQ(assess(some, rules, today), assess(some, rules, today + 24h - 1ms));
  }
}

}  // namespace
}  // namespace tecs
