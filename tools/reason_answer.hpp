// What each reason word means to a person who asks why a signature was refused, and what to do about it.
#pragma once

#include <optional>
#include <string_view>

#include "tecs/reason.hpp"

namespace tecs {

// Plain value; the texts live as long as the program.
struct ReasonAnswer {
  Reason reason;
  std::string_view why;     // a clause that may follow "as", without full stop
  std::string_view advice;  // sentences; empty: more has to be known for that
};

// word: as in a verdict. Empty for a word that no verdict of this version has.
[[nodiscard]] std::optional<ReasonAnswer> answer_of_reason(std::string_view word) noexcept;

}  // namespace tecs
