#include "verdicts/reputation_formula.hpp"

#include <algorithm>
#include <cmath>

namespace tecs {
namespace {

using std::chrono::days;

constexpr double half_lives_that_count = 10;  // 2^-10: less than a thousandth is left

double in_days(std::chrono::milliseconds duration) noexcept {
  return std::chrono::duration<double, days::period>(duration).count();
}

double share(double part, double rest) noexcept {
  return part > 0 ? part / (part + rest) : 0;
}

std::int64_t confirmed_of(const DailyEvidence& day, bool confirm_each_other) noexcept {
  return confirm_each_other ? day.complaints : day.complaints - day.complaints_without_verdict;
}

// In ascending order, so that the order in which evidence was found does not decide how sums are rounded.
void weigh(ReputationEvidence evidence, const ReputationRules& rules, std::chrono::sys_days today,
           ReputationAssessment& of) {
  std::sort(evidence.days.begin(), evidence.days.end());
  const bool confirm_each_other = evidence.destinations >= rules.minimum_destinations;
  WeightedEvidence& sum = of.evidence;
  for (const DailyEvidence& day : evidence.days) {
    const double weight = weight_of(today - day.day, rules);
    sum.connections += weight * static_cast<double>(day.connections);
    sum.messages += weight * static_cast<double>(day.messages);
    sum.failures += weight * static_cast<double>(day.failures);
    sum.replays += weight * static_cast<double>(day.replays);
    sum.complaints += weight * static_cast<double>(day.complaints);
    const std::int64_t confirmed = confirmed_of(day, confirm_each_other);
    sum.confirmed_complaints += weight * static_cast<double>(confirmed);
    if (weight > 0) of.confirmed_complaints += confirmed;
  }
}

// How much of its youth is left.
double youth(std::optional<days> age, const ReputationRules& rules) noexcept {
  if (!age) return 1;
  return std::clamp(1 - static_cast<double>(age->count()) / in_days(rules.full_age), 0.0, 1.0);
}

Reputation state_of(const ReputationAssessment& of, const ReputationRules& rules) noexcept {
  // Only complaints make a domain bad: they were verified, while anybody can send a bad signature in the name
  // of anybody.
  if (of.confirmed_complaints >= rules.minimum_complaints && of.complaint_rate.lower >= rules.bad_rate)
    return Reputation::bad;
  if (!of.age || *of.age < rules.minimum_age || of.evidence.messages < rules.minimum_volume)
    return Reputation::unknown;
  if (of.complaint_rate.upper <= rules.good_rate && of.number <= rules.good_number) return Reputation::good;
  return Reputation::medium;
}

}  // namespace

days oldest_evidence(const ReputationRules& rules) noexcept {
  return days{static_cast<days::rep>(std::floor(in_days(rules.half_life) * half_lives_that_count))};
}

double weight_of(days age, const ReputationRules& rules) noexcept {
  if (age > oldest_evidence(rules)) return 0;
  return std::exp2(-static_cast<double>(std::max(age, days{0}).count()) / in_days(rules.half_life));
}

ReputationAssessment assess(ReputationEvidence evidence, const ReputationRules& rules, Verdict::Time now) {
  ReputationAssessment of;
  // All by calendar days, so that the number stays the same all day long.
  const auto today = std::chrono::floor<days>(now);
  if (evidence.first_pass) of.age = std::max(today - std::chrono::floor<days>(*evidence.first_pass), days{0});
  weigh(std::move(evidence), rules, today, of);

  // A complaint about mail that no verdict here tells of shows that there was a message at least.
  const double messages = std::max(of.evidence.messages, of.evidence.complaints);
  of.complaint_rate = {wilson_interval(of.evidence.confirmed_complaints, messages).lower,
                       wilson_interval(of.evidence.complaints, messages).upper};

  of.terms.complaints = std::min(1.0, of.complaint_rate.lower / rules.bad_rate);
  of.terms.failures = rules.failures_weight * share(of.evidence.failures, of.evidence.connections);
  of.terms.replays = rules.replays_weight * share(of.evidence.replays, of.evidence.connections);
  of.terms.youth = rules.youth_weight * youth(of.age, rules);
  of.number = std::min(1.0, of.terms.complaints + of.terms.failures + of.terms.replays + of.terms.youth);
  of.state = state_of(of, rules);
  return of;
}

}  // namespace tecs
