// What was pruned from a store: whoever writes to it and whoever asks it has to know.
#pragma once

#include <optional>
#include <string_view>

#include "tecs/error.hpp"
#include "verdicts/sql_database.hpp"
#include "verdicts/verdict.hpp"

namespace tecs {

// What began before these times is gone, or is about to go; empty: nothing was ever pruned.
struct PrunedTimes {
  std::optional<Verdict::Time> verdicts{};  // and the counts by hour
  std::optional<Verdict::Time> days{};      // counts by day
  std::optional<Verdict::Time> names{};     // in counts by day, of domains that never passed

  friend bool operator==(const PrunedTimes&, const PrunedTimes&) = default;
};

// The words under which the store keeps them, in the table pruned_times.
inline constexpr std::string_view pruned_verdicts = "verdicts";
inline constexpr std::string_view pruned_days = "days";
inline constexpr std::string_view pruned_names = "names";

// Fails with io_error, as the next.
[[nodiscard]] Expected<PrunedTimes> read_pruned_times(SqlDatabase& database);

// Belongs into the transaction that begins to delete. A time that is before the one that is kept changes
// nothing.
[[nodiscard]] Expected<void> keep_pruned_time(SqlDatabase& database, std::string_view what,
                                              Verdict::Time before);

// PostgreSQL lets transactions run side by side. Whoever writes verdicts takes this lock first, shared, and
// whoever prunes alone: so no verdict that is being deleted is taken for one that was never there, and the
// two never wait each for a row of the other. Held to the end of the transaction. The numbers are "TECS" and
// "prun".
inline constexpr std::string_view postgres_lock_to_write =
    "SELECT pg_advisory_xact_lock_shared(1413825363, 1886549358)";
inline constexpr std::string_view postgres_lock_to_prune =
    "SELECT pg_advisory_xact_lock(1413825363, 1886549358)";

}  // namespace tecs
