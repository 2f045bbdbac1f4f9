// What a domain is worth, and why: for a person, term by term.
#pragma once

#include <iosfwd>

#include "tools/reputation_facts.hpp"

namespace tecs {

void print_reputation(const ReputationFacts& facts, std::ostream& out);

}  // namespace tecs
