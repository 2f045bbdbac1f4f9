// What each batch of verdicts adds to the counts stands in a row of its own for a while, and then many are
// added to the tables of hours, days and months at once: a batch is of hundreds of domains, whose rows lie
// all over those tables, and to change them for each batch anew would cost more than to insert the verdicts.
// Whoever asks for counts takes both together.
//
// Several programs write such rows, and not all of them may be trusted. One that cannot be read
// (batch_counts_text.hpp) is left out by whoever asks, and put aside by whoever adds: it stays where it is,
// with 1 in its column "aside", and is in no count.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "tecs/error.hpp"
#include "verdicts/sql_database.hpp"
#include "verdicts/verdict_rollup.hpp"

namespace tecs {

// Belongs into the transaction that inserts the verdicts. Returns false when no row is kept: there was
// nothing to count, or it was added to the tables at once, as it is beyond what a row may hold. All of these
// fail with io_error; this one also with protocol_error, for what stands in the rollup.
[[nodiscard]] Expected<bool> keep_batch_counts(SqlDatabase& database, const VerdictRollup& rollup);

// For whoever asks: "batch_counts WHERE ...", of those that are to be added and no larger than they may be.
[[nodiscard]] std::string waiting_batches(SqlDialect dialect);

// How many there are to be added.
[[nodiscard]] Expected<std::uint64_t> count_batch_counts(SqlDatabase& database);

// Adds up to so many (1,000 at most) to the tables and takes them away; the oldest first. Belongs into a
// transaction, on PostgreSQL into one that has postgres_lock_to_write or postgres_lock_to_prune. Returns how
// many were added or put aside; empty: another transaction is at it.
[[nodiscard]] Expected<std::optional<std::uint64_t>> add_batch_counts(SqlDatabase& database,
                                                                      std::uint64_t most);

}  // namespace tecs
