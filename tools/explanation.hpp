// A verdict's examination on paper.
#pragma once

#include <iosfwd>
#include <string>

#include "tools/verdict_examination.hpp"

namespace tecs {

// For a person, in ASCII whatever stands in the store and in DNS. Ends with the answer to "why?".
void print_explanation(const VerdictExamination& examination, std::ostream& out);

// One JSON object on one line, without line break, in ASCII. What is not known is null.
[[nodiscard]] std::string explanation_json(const VerdictExamination& examination);

}  // namespace tecs
