// What the evidence about a domain comes to: a number from 0 (best) to 1 (worst), the terms that it is the
// sum of, and one of four states.
//
// The formula knows no database and no clock. The same evidence, rules and time give the same bits on the
// same machine. docs/reputation.md has it in words.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <vector>

#include "verdicts/reputation.hpp"
#include "verdicts/verdict.hpp"
#include "verdicts/wilson_interval.hpp"

namespace tecs {

// What was counted on one day (UTC). Plain value; no count is negative.
struct DailyEvidence {
  std::chrono::sys_days day;
  std::int64_t connections = 0;                 // with result pass
  std::int64_t messages = 0;                    // that they brought
  std::int64_t failures = 0;                    // connections with result fail, without the replays
  std::int64_t replays = 0;                     // connections with result fail and reason replay
  std::int64_t complaints = 0;                  // that were counted
  std::int64_t complaints_without_verdict = 0;  // of these: the store has no verdict of their connection

  friend auto operator<=>(const DailyEvidence&, const DailyEvidence&) = default;
};

inline constexpr std::size_t most_destinations = 100;

// Plain value.
struct ReputationEvidence {
  std::optional<Verdict::Time> first_pass;  // empty: it never passed
  std::vector<DailyEvidence> days;          // in any order; a day may stand several times
  // To how many networks went the mail that the complaints without a verdict are about. The destination is
  // signed, so nobody can make up one. No more than most_destinations are told apart.
  std::size_t destinations = 0;

  friend bool operator==(const ReputationEvidence&, const ReputationEvidence&) = default;
};

// Plain value. Rates and weights are from 0 to 1, durations are positive.
struct ReputationRules {
  // After so long evidence counts half, after twice as long a quarter, after oldest_evidence() nothing.
  std::chrono::milliseconds half_life = std::chrono::days{30};
  double minimum_volume = 400;          // messages; with fewer there is neither good nor medium
  std::int64_t minimum_complaints = 3;  // confirmed ones, whatever their weight; with fewer nothing is bad
  // Complaints without a verdict are confirmed by one another when the mail went to so many networks: else
  // whoever receives three connections could make any domain bad of which the store has little mail.
  std::size_t minimum_destinations = 2;
  std::chrono::milliseconds minimum_age = std::chrono::days{7};
  std::chrono::milliseconds full_age = std::chrono::days{90};
  double good_rate = 0.01;  // complaints per message: at most this many for good, as far as one can be sure
  double bad_rate = 0.03;   // and for bad at least this many
  double good_number = 0.5;
  // How much each of these can add to the number.
  double failures_weight = 0.05;
  double replays_weight = 0.1;
  double youth_weight = 0.1;

  friend bool operator==(const ReputationRules&, const ReputationRules&) = default;
};

// The sums of the evidence, each day by its weight.
struct WeightedEvidence {
  double connections = 0;
  double messages = 0;
  double failures = 0;
  double replays = 0;
  double complaints = 0;
  double confirmed_complaints = 0;  // of these

  friend bool operator==(const WeightedEvidence&, const WeightedEvidence&) = default;
};

struct ReputationTerms {
  double complaints = 0;
  double failures = 0;
  double replays = 0;
  double youth = 0;

  friend bool operator==(const ReputationTerms&, const ReputationTerms&) = default;
};

// Plain value.
struct ReputationAssessment {
  WeightedEvidence evidence;
  std::int64_t confirmed_complaints = 0;  // each counts 1
  std::optional<std::chrono::days> age;   // from the day of the first pass; empty: it never passed
  // Per message. The lower bound is that of the confirmed complaints, the upper that of all.
  WilsonInterval complaint_rate;
  ReputationTerms terms;
  double number = 0;  // the terms together, 1 at most
  Reputation state = Reputation::unknown;

  friend bool operator==(const ReputationAssessment&, const ReputationAssessment&) = default;
};

// Evidence that is older than this weighs less than a thousandth, and is left out.
[[nodiscard]] std::chrono::days oldest_evidence(const ReputationRules& rules) noexcept;

// From 1 on the day itself (and for a day to come) down to 0.
[[nodiscard]] double weight_of(std::chrono::days age, const ReputationRules& rules) noexcept;

[[nodiscard]] ReputationAssessment assess(ReputationEvidence evidence, const ReputationRules& rules,
                                          Verdict::Time now);

}  // namespace tecs
