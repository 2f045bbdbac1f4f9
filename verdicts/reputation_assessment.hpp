// From evidence and overrides to the table `reputation`, which receivers ask and from which zones are made.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tecs/error.hpp"
#include "verdicts/reputation_evidence.hpp"
#include "verdicts/reputation_formula.hpp"
#include "verdicts/reputation_override.hpp"
#include "verdicts/reputation_rows.hpp"
#include "verdicts/sql_database.hpp"

namespace tecs {

struct ReputationChange {
  std::string domain;
  Reputation from = Reputation::unknown;
  Reputation to = Reputation::unknown;

  friend bool operator==(const ReputationChange&, const ReputationChange&) = default;
};

struct ReputationComputation {
  std::vector<ReputationChange> changes;  // of states, in the order of the domains
  std::map<Reputation, std::uint64_t> states;
  std::uint64_t assessed = 0;  // domains that there is evidence of, the organizational ones included
  // Not 0: nothing was written, since there was nothing to assess, and so many rows would have gone.
  std::uint64_t lost = 0;
};

enum class Writing : std::uint8_t {
  no,
  yes,
  forced,  // also when there was nothing to assess
};

// Why the formula says so, in figures: "complaints about 12.0 of 100.0 messages, at least 7.12 %".
[[nodiscard]] std::string reason_of(const ReputationAssessment& assessment, const ReputationRules& rules);

// Assesses all domains and makes the table say so: in one transaction, so that a reader sees all of it or
// nothing, and only the rows that are not so yet. The evidence is read before, in which others may write.
// With Writing::no nothing is written, but all is found out. A store without any evidence, but with a table
// of what once came of some, is half a store: the table stays, unless forced. Fails with io_error.
[[nodiscard]] Expected<ReputationComputation> compute_reputation(SqlDatabase& database,
                                                                 const ReputationRules& rules,
                                                                 Verdict::Time now, Writing writing);

// The same for one domain, in lower case; within a transaction, if an override was changed just before.
// Returns what changed. Fails with io_error.
[[nodiscard]] Expected<std::optional<ReputationChange>> compute_reputation_of(SqlDatabase& database,
                                                                              const std::string& domain,
                                                                              const ReputationRules& rules,
                                                                              Verdict::Time now);

}  // namespace tecs
