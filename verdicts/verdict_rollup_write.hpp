// Roll-ups on their way into a store, in either engine.
#pragma once

#include <span>

#include "tecs/error.hpp"
#include "verdicts/sql_database.hpp"
#include "verdicts/verdict_rollup.hpp"

namespace tecs {

// Adds it to what is there. Belongs in a transaction with what it is counted from. Fails with io_error, as
// the next.
[[nodiscard]] Expected<void> write_rollup(SqlDatabase& database, const VerdictRollup& rollup);
// Of it the known domains alone; in ascending order.
[[nodiscard]] Expected<void> write_known_domains(SqlDatabase& database, std::span<const KnownDomainRow> rows);

}  // namespace tecs
