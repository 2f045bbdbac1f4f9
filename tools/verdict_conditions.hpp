// The options that say which verdicts are meant.
#pragma once

#include "tecs/clock.hpp"
#include "tools/subcommand.hpp"
#include "verdicts/verdict_store.hpp"

namespace tecs {

// Each add_ puts its options into a table, all of them optional; the read_ of the same name gives their
// values, or a failure with usage that names the option.

// since, until, domain, organizational-domain, result, reason, receiver, network.
void add_verdict_conditions(OptionTable& table);
[[nodiscard]] Outcome<VerdictQuery> read_verdict_conditions(const OptionValues& values, const Clock& clock);

// Those of them that an answer from roll-ups can have too: all but reason and network.
void add_summary_conditions(OptionTable& table);

// limit, n: a number from 1 on. what: what it limits, for the help.
void add_limit_option(OptionTable& table, const char* what);
[[nodiscard]] std::optional<std::size_t> read_limit(const OptionValues& values);

}  // namespace tecs
