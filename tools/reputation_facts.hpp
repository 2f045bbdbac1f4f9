// All that `tecs reputation show` tells of a domain, gathered once for each of its forms.
#pragma once

#include <optional>
#include <string>

#include "tecs/domain.hpp"
#include "tools/subcommand.hpp"
#include "verdicts/reputation_evidence.hpp"
#include "verdicts/reputation_formula.hpp"
#include "verdicts/reputation_outlook.hpp"
#include "verdicts/reputation_override.hpp"
#include "verdicts/reputation_rows.hpp"
#include "verdicts/sql_database.hpp"

namespace tecs {

// Plain value.
struct ReputationFacts {
  std::string domain;
  std::string organizational_domain;
  EvidenceScope scope = EvidenceScope::domain;
  Verdict::Time time{};  // of the assessment
  ReputationRules rules;
  ReputationEvidence evidence;
  ReputationAssessment assessment;
  ReputationOutlook outlook;
  std::optional<ReputationOverride> override;
  std::optional<ReputationRow> kept;                 // what `compute` left in the store
  std::optional<ReputationRow> organizational_kept;  // likewise; empty when the domain is its own
};

[[nodiscard]] Expected<ReputationFacts> gather_reputation_facts(SqlDatabase& database, const Domain& domain,
                                                                const ReputationRules& rules,
                                                                Verdict::Time now);

// Whether the store has ever heard of the domain.
[[nodiscard]] bool is_known(const ReputationFacts& facts) noexcept;

// By hand, or else by the formula.
[[nodiscard]] Reputation state_of(const ReputationFacts& facts) noexcept;

}  // namespace tecs
