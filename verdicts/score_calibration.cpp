#include "verdicts/score_calibration.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string>

#include "verdicts/verdict_distribution.hpp"
#include "verdicts/verdict_fields.hpp"

namespace tecs {
namespace {

struct Count {
  std::uint64_t connections = 0;
  std::uint64_t complained = 0;
};
using Counts = std::map<std::int64_t, Count>;  // by bin

// A score is a sum of configured weights, so that there are far fewer scores than connections.
Expected<Counts> count(SqlDatabase& database, std::optional<Verdict::Time> since,
                       std::optional<Verdict::Time> until) {
  Counts counts;
  // Times are written with figures, which all come before a letter.
  const std::array<SqlValue, 2> values{since ? encode_field(*since) : std::string(),
                                       until ? encode_field(*until) : std::string("z")};
  return database
      .query(
          "SELECT v.score, COUNT(*), COUNT(c.verdict) FROM verdicts v "
          "LEFT JOIN (SELECT DISTINCT verdict FROM complaints WHERE status = 'counted' AND verdict <> '') c "
          "ON c.verdict = v.id WHERE v.time >= $1 AND v.time < $2 AND v.score IS NOT NULL AND v.messages > 0 "
          "GROUP BY "
          "v.score",
          values,
          [&](const SqlRow& row) {
            Count& of_bin = counts[bin_of(Measure::score, row.real(0))];
            of_bin.connections += static_cast<std::uint64_t>(row.integer(1));
            of_bin.complained += static_cast<std::uint64_t>(row.integer(2));
            return true;
          })
      .map([&] { return counts; });
}

double share(std::uint64_t part, std::uint64_t whole) noexcept {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

Expected<ScoreCalibration> calibrate_scores(SqlDatabase& database, std::optional<Verdict::Time> since,
                                            std::optional<Verdict::Time> until) {
  return count(database, since, until).map([](const Counts& counts) {
    ScoreCalibration calibration;
    for (const auto& [bin, of_bin] : counts) {
      calibration.connections += of_bin.connections;
      calibration.complained += of_bin.complained;
    }
    Count above;  // with this score or a higher one
    for (auto each = counts.rbegin(); each != counts.rend(); ++each) {
      const Count& of_bin = each->second;
      above.connections += of_bin.connections;
      above.complained += of_bin.complained;
      calibration.bins.push_back({.from = lower_bound_of(Measure::score, each->first),
                                  .connections = of_bin.connections,
                                  .complained = of_bin.complained,
                                  .share = wilson_interval(static_cast<double>(of_bin.complained),
                                                           static_cast<double>(of_bin.connections)),
                                  .complained_caught = share(above.complained, calibration.complained),
                                  .others_caught = share(above.connections - above.complained,
                                                         calibration.connections - calibration.complained)});
    }
    std::reverse(calibration.bins.begin(), calibration.bins.end());
    return calibration;
  });
}

}  // namespace tecs
