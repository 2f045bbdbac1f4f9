// Old verdicts out of a store. What they were counted in by day, and which domains are known, stays.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>

#include "tecs/error.hpp"
#include "verdicts/sql_database.hpp"
#include "verdicts/verdict.hpp"
#include "verdicts/waiting_verdicts.hpp"

namespace tecs {

struct PruneOptions {
  // Verdicts from before, rounded down to the hour, and the counts by hour of then; but none that is as new
  // as the oldest that a receiver has still to forward, so that counts by hour go with all that they count.
  //
  // Also the names in the counts by day of then: a client may claim any domain, so of those that never passed
  // only the counts stay, under no name.
  Verdict::Time before{};
  // Counts by day from before this, rounded down to the day, and domains that passed last before it; empty:
  // none.
  std::optional<Verdict::Time> daily_before{};
  // So many rows a transaction, or as many more as have the same time.
  std::size_t rows_at_a_time = 1000;
};

// Rows that are gone.
struct PruneCounts {
  std::uint64_t verdicts = 0;
  std::uint64_t hours = 0;          // of verdicts_hourly
  std::uint64_t distributions = 0;  // of distributions_hourly
  std::uint64_t days = 0;           // of verdicts_daily, for their age
  std::uint64_t months = 0;         // of verdicts_monthly, likewise
  std::uint64_t names = 0;          // of verdicts_daily, whose counts stay under no name
  std::uint64_t domains = 0;        // of known_domains

  friend bool operator==(const PruneCounts&, const PruneCounts&) = default;
};

struct Pruning {
  PruneCounts gone;
  // When it began. If their oldest is from before what was asked for, all from then on is still there.
  WaitingVerdicts waiting;
};

// Called after each transaction, when nothing is locked: the time to wait for about as long as the
// transaction took, so that whoever writes to the store gets a turn. False: that is enough; what is gone
// stays gone, and the next time goes on from there.
using PruneProgress = std::function<bool(const PruneCounts&)>;

// Returns what is gone in all. From the first transaction on the store takes no verdict from before any more
// (pruned_times.hpp): it would count twice. Fails with io_error.
[[nodiscard]] Expected<Pruning> prune(SqlDatabase& database, const PruneOptions& options,
                                      const PruneProgress& progress);

}  // namespace tecs
