#include "verdicts/reputation_outlook.hpp"

#include <algorithm>

namespace tecs {
namespace {

using std::chrono::days;

constexpr std::int64_t beyond_reason = 1'000'000'000;

std::optional<std::pair<std::chrono::sys_days, Reputation>> change_by_time(const ReputationEvidence& evidence,
                                                                           const ReputationRules& rules,
                                                                           Verdict::Time now) {
  const Reputation today = assess(evidence, rules, now).state;
  // Until then all evidence is forgotten, and every domain of full age.
  const days end = std::max({oldest_evidence(rules), std::chrono::ceil<days>(rules.minimum_age),
                             std::chrono::ceil<days>(rules.full_age)}) +
                   days{1};
  for (days ahead{1}; ahead <= end; ++ahead) {
    const Reputation then = assess(evidence, rules, now + ahead).state;
    if (then != today) return std::pair(std::chrono::floor<days>(now + ahead), then);
  }
  return std::nullopt;
}

// The fewest more that bring this state. More of the same never take it away again, so halving finds them.
std::optional<std::int64_t> fewest(ReputationEvidence evidence, std::int64_t DailyEvidence::*counted,
                                   Reputation wanted, const ReputationRules& rules, Verdict::Time now) {
  evidence.days.push_back({.day = std::chrono::floor<days>(now)});
  const auto reached = [&](std::int64_t count) {
    evidence.days.back().*counted = count;
    return assess(evidence, rules, now).state == wanted;
  };
  if (reached(0) || !reached(beyond_reason)) return std::nullopt;
  std::int64_t too_few = 0;
  std::int64_t enough = beyond_reason;
  while (enough - too_few > 1) {
    const std::int64_t middle = too_few + (enough - too_few) / 2;
    (reached(middle) ? enough : too_few) = middle;
  }
  return enough;
}

}  // namespace

ReputationOutlook look_ahead(const ReputationEvidence& evidence, const ReputationRules& rules,
                             Verdict::Time now) {
  return {.without_evidence = change_by_time(evidence, rules, now),
          .messages_to_good = fewest(evidence, &DailyEvidence::messages, Reputation::good, rules, now),
          .complaints_to_bad = fewest(evidence, &DailyEvidence::complaints, Reputation::bad, rules, now)};
}

}  // namespace tecs
