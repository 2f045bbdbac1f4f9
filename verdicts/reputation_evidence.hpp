// What a store knows of domains, as the formula wants it: gathered from the daily counts, the complaints that
// count, and the domains that have passed.
#pragma once

#include <functional>
#include <string>

#include "tecs/error.hpp"
#include "verdicts/reputation_formula.hpp"
#include "verdicts/sql_database.hpp"

namespace tecs {

// A connection counts for no more messages than that, by the day: whoever sends thousands to himself over one
// connection makes no volume. It is what common servers send over one before they open another.
inline constexpr int most_messages_of_a_connection = 100;

enum class EvidenceScope : std::uint8_t {
  domain,                 // of this very domain
  organizational_domain,  // of all that belong to it, itself among them
};

// What is counted under this name: all that belong to it, if the store knows any domain or complaint of which
// it is the organizational domain. Fails with io_error.
[[nodiscard]] Expected<EvidenceScope> scope_of(SqlDatabase& database, const std::string& domain);

// A domain that never passed has no evidence but its complaints: whoever signs badly in its name would
// otherwise make the store work for names that nobody has.

// Of one domain, in lower case. Empty when nothing is known. Fails with io_error.
[[nodiscard]] Expected<ReputationEvidence> read_evidence(SqlDatabase& database, const std::string& domain,
                                                         EvidenceScope scope, std::chrono::sys_days since);

// Calls visit for each domain, in the order of their names, with one statement for all: memory is needed for
// one domain at a time. With EvidenceScope::domain those are left out that are their own organizational
// domain. Stops early when visit returns false. Fails with io_error.
[[nodiscard]] Expected<void> read_all_evidence(
    SqlDatabase& database, EvidenceScope scope, std::chrono::sys_days since,
    const std::function<bool(const std::string& domain, ReputationEvidence evidence)>& visit);

}  // namespace tecs
