// Names that strangers claimed, out of the counts by day.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

#include "tecs/error.hpp"
#include "verdicts/sql_database.hpp"
#include "verdicts/verdict.hpp"

namespace tecs {

// Counts by day from before this day whose domain never passed are added to those of no domain, with the
// same day, result, reason and receiver. About so many rows a transaction; gone() is called after each with
// how many rows that were, and false ends it. Begins where it ended the last time, unless a known domain was
// forgotten since. Returns whether it came to the end. Fails with io_error.
[[nodiscard]] Expected<bool> prune_names(SqlDatabase& database, Verdict::Time before,
                                         std::size_t rows_at_a_time,
                                         const std::function<bool(std::uint64_t)>& gone);

}  // namespace tecs
