// Why a connection was treated as it was, in one sentence, and what to do about it.
#pragma once

#include <string>

#include "tools/verdict_examination.hpp"

namespace tecs {

// Plain value.
struct VerdictAnswer {
  std::string why;     // a sentence, with its full stop
  std::string advice;  // one or two more; empty: there is nothing to be done
};

// A pure function. Knows every reason that a verdict can have; of one that it does not know, as a newer
// receiver may write it, it says what the verdict itself says.
[[nodiscard]] VerdictAnswer answer_of(const VerdictExamination& examination);

}  // namespace tecs
