#include "verdicts/verdict_distribution.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>

#include "verdicts/batch_counts.hpp"
#include "verdicts/batch_counts_text.hpp"
#include "verdicts/sql_statement.hpp"
#include "verdicts/verdict_fields.hpp"
#include "verdicts/verdict_rollup.hpp"

namespace tecs {

std::string_view word(Measure measure) noexcept {
  switch (measure) {
    case Measure::score:
      return "score";
    case Measure::duration:
      return "duration";
    case Measure::dns_time:
      return "dns_time";
    case Measure::verification_time:
      break;
  }
  return "verification_time";
}

// The exponent and a comparison, not a logarithm: what is on a bound falls to the same side everywhere.
std::int64_t bin_of(Measure measure, double value) noexcept {
  if (std::isnan(value)) return 0;
  if (measure == Measure::score) {
    constexpr auto furthest = static_cast<double>(furthest_score_bin);
    return static_cast<std::int64_t>(std::floor(std::clamp(value, -furthest, furthest)));
  }
  if (value < 1) return 0;
  if (std::isinf(value)) return last_time_bin;
  const std::int64_t doublings = std::ilogb(value);
  const bool second_half = std::ldexp(value, static_cast<int>(-doublings)) >= std::numbers::sqrt2;
  return std::min(2 * doublings + (second_half ? 1 : 0), last_time_bin);
}

double lower_bound_of(Measure measure, std::int64_t bin) noexcept {
  if (measure == Measure::score) return static_cast<double>(bin);
  const std::int64_t kept = std::clamp<std::int64_t>(bin, 0, last_time_bin);
  return std::ldexp(kept % 2 == 0 ? 1.0 : std::numbers::sqrt2, static_cast<int>(kept / 2));
}

Expected<std::vector<DistributionBin>> read_distribution(SqlDatabase& database, Measure measure,
                                                         std::optional<Verdict::Time> since,
                                                         std::optional<Verdict::Time> until) {
  using std::chrono::hours;
  if (since) since = std::chrono::floor<hours>(*since);
  if (until) until = std::chrono::ceil<hours>(*until);
  // One statement, which sees one state of the store: batches are in the table or beside it.
  SqlStatement statement{
      "SELECT bin, CAST(SUM(connections) AS BIGINT), NULL FROM distributions_hourly WHERE start >= "};
  statement.text += statement.add(since ? encode_field(*since) : std::string());
  statement.text += " AND measure = " + statement.add(std::string(word(measure)));
  if (until) statement.text += " AND start < " + statement.add(encode_field(*until));
  statement.text += " GROUP BY bin UNION ALL SELECT 0, 0, counts FROM " + waiting_batches(database.dialect());
  std::map<std::int64_t, std::uint64_t> connections;
  const auto add = [&](const SqlRow& row) {
    if (row.is_null(2)) {
      connections[row.integer(0)] += static_cast<std::uint64_t>(row.integer(1));
      return true;
    }
    VerdictRollup batch;
    if (!decode_batch_counts(row.text(2), batch)) return true;
    for (const auto& [key, count] : batch.distributions) {
      const bool wanted =
          key.measure == measure && (!since || key.start >= *since) && (!until || key.start < *until);
      if (wanted) connections[key.bin] += count;
    }
    return true;
  };
  if (auto read = database.query(statement.text, statement.values, add); !read)
    return tl::unexpected(read.error());
  std::vector<DistributionBin> bins;
  bins.reserve(connections.size());
  for (const auto& [bin, count] : connections) bins.push_back({bin, count});
  return bins;
}

std::optional<double> quantile(Measure measure, const std::vector<DistributionBin>& bins, double share) {
  double all = 0;
  for (const DistributionBin& bin : bins) all += static_cast<double>(bin.connections);
  if (all == 0) return std::nullopt;
  double below = 0;
  for (const DistributionBin& bin : bins) {
    below += static_cast<double>(bin.connections);
    if (below >= all * share) return lower_bound_of(measure, bin.bin);
  }
  return lower_bound_of(measure, bins.back().bin);
}

}  // namespace tecs
