// A calibration as one picture: the share of complained connections by score, and what a threshold would
// catch.
#pragma once

#include <string>

#include "verdicts/score_calibration.hpp"

namespace tecs {

// An SVG file that needs nothing else: no script, no font, no other file. It follows the reader's choice of
// light or dark colours.
[[nodiscard]] std::string draw_calibration(const ScoreCalibration& calibration);

}  // namespace tecs
