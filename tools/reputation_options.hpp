// The options that the subcommands of `tecs reputation` share: what stands in /etc/tecs/reputation.conf holds
// for all of them, and each takes on the command line what concerns it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tecs/domain.hpp"
#include "tools/subcommand.hpp"
#include "verdicts/reputation_formula.hpp"
#include "verdicts/reputation_zone_file.hpp"

namespace tecs {

// configuration and store: for each of the subcommands.
void add_configuration_options(OptionTable& table);
// half-life, minimum-volume, good-rate, ...: what the formula goes by.
void add_rules_options(OptionTable& table);
// zone, out, ns, contact, ttl, negative-ttl and listed: what a zone is made of.
void add_zone_options(OptionTable& table);
// rater: who says so, in a reputon.
void add_rater_option(OptionTable& table);

// The same values, and in the place of defaults those that stand in the file: of all options above, also of
// those that the subcommand does not take. A file that was not named need not be there. Fails with
// configuration, and a sentence that names file and line.
[[nodiscard]] Outcome<OptionValues> with_configuration(const OptionValues& given);

// What follows is read from the values of with_configuration().

// Fails with usage when the rules contradict each other.
[[nodiscard]] Outcome<ReputationRules> read_rules(const OptionValues& values);

struct ZoneOptions {
  ReputationZoneSettings settings;
  std::string file;
  bool has_name_servers = true;  // false: nobody said any, and the settings have localhost
};
// Fails with usage.
[[nodiscard]] Outcome<ZoneOptions> read_zone_options(const OptionValues& values);

// "localhost" when nobody said.
[[nodiscard]] std::string read_rater(const OptionValues& values);

}  // namespace tecs
