// The header field that tells filters and readers what TECS makes of the connection.
#pragma once

#include <string>

#include "milter/policy/policy.hpp"

namespace tecs {

inline constexpr const char* x_tecs_name = "X-TECS";

// The body: "score=-5.2 action=accept symbols=TECS_PASS,REP_GOOD,TECS_DNSSEC mode=monitor". The action is
// what the score stands for; it was taken only if the mode is enforce. Folded with LF and TAB where a line
// would get longer than 78 octets. All words are ours.
[[nodiscard]] std::string format_x_tecs(const Judgement& judgement, PolicyMode mode);

}  // namespace tecs
