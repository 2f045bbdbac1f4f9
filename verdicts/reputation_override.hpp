// What somebody decided about a domain by hand, with the reason. It wins over the formula until it ends.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tecs/error.hpp"
#include "verdicts/reputation.hpp"
#include "verdicts/sql_database.hpp"
#include "verdicts/verdict.hpp"

namespace tecs {

// Plain value.
struct ReputationOverride {
  std::string domain;  // in lower case
  Reputation state = Reputation::unknown;
  std::string note;
  Verdict::Time time{};                    // when it was set
  std::optional<Verdict::Time> expires{};  // from then on it counts no more; empty: never

  friend bool operator==(const ReputationOverride&, const ReputationOverride&) = default;
};

// All fail with io_error. Those that change the store are best called within a transaction.

// Takes the place of one that is there.
[[nodiscard]] Expected<void> set_override(SqlDatabase& database, const ReputationOverride& override);

// False: there was none.
[[nodiscard]] Expected<bool> remove_override(SqlDatabase& database, const std::string& domain);

// Only one that counts at this time.
[[nodiscard]] Expected<std::optional<ReputationOverride>> find_override(SqlDatabase& database,
                                                                        const std::string& domain,
                                                                        Verdict::Time now);

// Those that count at this time, in the order of their domains.
[[nodiscard]] Expected<std::vector<ReputationOverride>> read_overrides(SqlDatabase& database,
                                                                       Verdict::Time now);

}  // namespace tecs
