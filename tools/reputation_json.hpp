// What a domain is worth, and why: for programs.
#pragma once

#include <string>

#include "tools/reputation_facts.hpp"

namespace tecs {

// One line: all figures that went in, the terms, the state and what would change it.
[[nodiscard]] std::string format_reputation_json(const ReputationFacts& facts);

// One line of application/reputon+json (RFC 7071): the application is email-id and the assertion spam (RFC
// 7073), so 1 is worst. Without any evidence there is no reputon in it. rater: who says so.
[[nodiscard]] std::string format_reputon(const ReputationFacts& facts, const std::string& rater);

}  // namespace tecs
