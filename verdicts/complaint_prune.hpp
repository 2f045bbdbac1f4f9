// Old complaints out of the table, which strangers fill.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "tecs/error.hpp"
#include "verdicts/complaint.hpp"
#include "verdicts/sql_database.hpp"

namespace tecs {

struct ComplaintPruneOptions {
  // Decided before. Those that were not counted only tell people what came in.
  Verdict::Time uncounted_before{};
  // A complaint whose row is gone counts again if it comes again, so this must be longer ago than any
  // connection that is still answered for (ComplaintLimits::maximum_age), and than anything that weighs.
  Verdict::Time counted_before{};
  std::size_t rows_at_a_time = 1000;  // that are looked at in one transaction
};

// Those that were not counted go after 30 days; the others when they weigh nothing any more, two years at
// least.
[[nodiscard]] ComplaintPruneOptions complaint_prune_options(Verdict::Time now,
                                                            std::chrono::days oldest_evidence) noexcept;

// Returns how many are gone. Fails as SqlDatabase does; what is gone by then stays gone.
[[nodiscard]] Expected<std::uint64_t> prune_complaints(SqlDatabase& database,
                                                       const ComplaintPruneOptions& options);

}  // namespace tecs
