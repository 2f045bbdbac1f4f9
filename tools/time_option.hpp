// The options that say of which time: --since and --until.
#pragma once

#include <optional>
#include <string_view>

#include "tecs/clock.hpp"
#include "tools/subcommand.hpp"
#include "verdicts/verdict.hpp"

namespace tecs {

// Plain value.
struct Period {
  std::optional<Verdict::Time> since;  // this time or later
  std::optional<Verdict::Time> until;  // before this time

  friend bool operator==(const Period&, const Period&) = default;
};

void add_period_options(OptionTable& table);  // since, until: both optional

// Fails with usage, and a sentence that names the option.
[[nodiscard]] Outcome<Period> read_period(const OptionValues& values, const Clock& clock);

// An age, as "7d", or an RFC 3339 time or date. Fails with bad_option.
[[nodiscard]] Expected<Verdict::Time> parse_past_time(std::string_view text, const Clock& clock);

}  // namespace tecs
