// What the table `reputation` says of domains, for people's tools; ReputationTable asks it for the receiver.
#pragma once

#include <optional>
#include <string>

#include "tecs/error.hpp"
#include "verdicts/reputation.hpp"
#include "verdicts/sql_database.hpp"

namespace tecs {

// Of this very name, in lower case. Empty: the table does not have it. Fails with io_error, also when the
// table has a word that is no reputation.
[[nodiscard]] Expected<std::optional<Reputation>> find_kept_reputation(SqlDatabase& database,
                                                                       const std::string& domain);

}  // namespace tecs
