// Lines of comma-separated values (RFC 4180), for spreadsheets.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tecs {

// A text as it stands in a line: quoted where it has to be, and in printable ASCII.
//
// One that begins with = + - or @ gets a ' before it, or a spreadsheet would take what a stranger sent for a
// formula.
[[nodiscard]] std::string csv_text(std::string_view octets);

// With its CRLF. fields: as csv_text() makes them, or numbers.
[[nodiscard]] std::string csv_line(const std::vector<std::string>& fields);

}  // namespace tecs
