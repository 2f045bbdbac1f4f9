// How scores and times are spread over connections: answered from the hourly histograms.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "tecs/error.hpp"
#include "verdicts/sql_database.hpp"
#include "verdicts/verdict.hpp"

namespace tecs {

// A time of 0 and a score that is absent are not counted.
enum class Measure : std::uint8_t { score, duration, dns_time, verification_time };

// As stored: the name of the verdict's field.
[[nodiscard]] std::string_view word(Measure measure) noexcept;

// Of scores: all from 50 on is in the last bin, and all below -49 in the first.
inline constexpr std::int64_t furthest_score_bin = 50;

// Of times: what is in it took 35 years or longer.
inline constexpr std::int64_t last_time_bin = 2 * 50;

// Scores have bins of 1 from -50 to 50, of which the first and the last are open. Times have two bins for
// each doubling from 1 us on.
[[nodiscard]] std::int64_t bin_of(Measure measure, double value) noexcept;  // a score, or microseconds
// Where a bin begins; it ends where the next begins.
[[nodiscard]] double lower_bound_of(Measure measure, std::int64_t bin) noexcept;

struct DistributionBin {
  std::int64_t bin = 0;
  std::uint64_t connections = 0;

  friend bool operator==(const DistributionBin&, const DistributionBin&) = default;
};

// In ascending order; bins without connections are left out. since and until as in SummaryQuery; what was
// pruned is missing (summary_period.hpp). Fails with io_error.
[[nodiscard]] Expected<std::vector<DistributionBin>> read_distribution(SqlDatabase& database, Measure measure,
                                                                       std::optional<Verdict::Time> since,
                                                                       std::optional<Verdict::Time> until);

// The smallest lower bound of a bin below which (with the bin itself) at least this share of the connections
// is. Empty: there are none.
[[nodiscard]] std::optional<double> quantile(Measure measure, const std::vector<DistributionBin>& bins,
                                             double share);

}  // namespace tecs
