// Verdicts as comma-separated values (RFC 4180), for spreadsheets.
#pragma once

#include <string>

#include "verdicts/verdict.hpp"

namespace tecs {

// One line each, with its CRLF. Fields have the names and the order of verdict_fields.hpp; what is absent is
// empty.
//
// Texts are made harmless for a spreadsheet (csv_line.hpp): what is to be read by programs is better had as
// JSON, which changes nothing.
[[nodiscard]] std::string csv_heading();
[[nodiscard]] std::string format_csv(const Verdict& verdict);

}  // namespace tecs
