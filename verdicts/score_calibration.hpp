// What scores turned out to mean: of the connections with a score, how many were complained about.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "tecs/error.hpp"
#include "verdicts/sql_database.hpp"
#include "verdicts/verdict.hpp"
#include "verdicts/wilson_interval.hpp"

namespace tecs {

// A score from `from` (with it) to one more. Plain value.
struct CalibrationBin {
  double from = 0;
  std::uint64_t connections = 0;  // that brought mail
  std::uint64_t complained = 0;   // of these
  WilsonInterval share;           // of those that were complained about

  // With a threshold at `from`: the share of all complained connections, and of all others, that have this
  // score or a higher one.
  double complained_caught = 0;
  double others_caught = 0;

  friend bool operator==(const CalibrationBin&, const CalibrationBin&) = default;
};

struct ScoreCalibration {
  std::vector<CalibrationBin> bins;  // in ascending order; those without connections are left out
  std::uint64_t connections = 0;
  std::uint64_t complained = 0;

  friend bool operator==(const ScoreCalibration&, const ScoreCalibration&) = default;
};

// Of connections that brought mail and have a score, of the time `since` or later and before `until`: the
// last days are best left out, as people take their time to complain. A rejected connection cannot be
// complained about. Only complaints count that belong to a verdict of this store. Reads the verdicts
// themselves. Fails with io_error.
[[nodiscard]] Expected<ScoreCalibration> calibrate_scores(SqlDatabase& database,
                                                          std::optional<Verdict::Time> since,
                                                          std::optional<Verdict::Time> until);

}  // namespace tecs
