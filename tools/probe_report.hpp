// A probe for eyes and for programs.
#pragma once

#include <iosfwd>
#include <string>

#include "tools/probe_answer.hpp"

namespace tecs {

// "S: " and "C: " lines as they were said, the meaning below them.
void print_probe_step(const ProbeStep& step, std::ostream& out);

// What follows the dialogue: the signed octets, the key in DNS, what the server sees, and the answer.
void print_probe_result(const ProbeExamination& examination, std::ostream& out);

// One object without line breaks. The names and their order are part of the interface; what is not known is
// null.
[[nodiscard]] std::string probe_json(const ProbeExamination& examination);

}  // namespace tecs
