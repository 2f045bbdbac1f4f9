// A verdict as one JSON object on one line; verdict_fields.hpp has the names and their order.
#pragma once

#include <string>
#include <string_view>

#include "tecs/error.hpp"
#include "verdicts/verdict.hpp"

namespace tecs {

// No line break at the end. Octets that are not UTF-8 come out as U+FFFD. Any thread.
[[nodiscard]] std::string format_json(const Verdict& verdict);

// Unknown names are passed over; id, time and result must be there. Fails with protocol_error. Any thread.
[[nodiscard]] Expected<Verdict> parse_json(std::string_view text);

}  // namespace tecs
