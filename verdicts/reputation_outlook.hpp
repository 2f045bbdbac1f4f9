// What would change the state of a domain: time, clean mail, complaints.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

#include "verdicts/reputation_formula.hpp"

namespace tecs {

// Plain value. What is empty cannot happen: not within reason, or because it is so already.
struct ReputationOutlook {
  // From which day on the state is another one, if nothing more is counted.
  std::optional<std::pair<std::chrono::sys_days, Reputation>> without_evidence;
  std::optional<std::int64_t> messages_to_good;   // more of them today, none complained about
  std::optional<std::int64_t> complaints_to_bad;  // more of them today, with verdicts

  friend bool operator==(const ReputationOutlook&, const ReputationOutlook&) = default;
};

[[nodiscard]] ReputationOutlook look_ahead(const ReputationEvidence& evidence, const ReputationRules& rules,
                                           Verdict::Time now);

}  // namespace tecs
