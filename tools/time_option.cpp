#include "tools/time_option.hpp"

#include <boost/program_options/value_semantic.hpp>
#include <string>

#include "program/duration.hpp"
#include "tools/protocol_options.hpp"
#include "tools/rfc3339_time.hpp"

namespace tecs {
namespace {

Outcome<std::optional<Verdict::Time>> read_option(const OptionValues& values, const std::string& name,
                                                  const Clock& clock) {
  const auto text = option_text(values, name);
  if (!text) return std::nullopt;
  const auto time = parse_past_time(*text, clock);
  if (!time) return failed(time.error(), "--" + name);
  return *time;
}

}  // namespace

Expected<Verdict::Time> parse_past_time(std::string_view text, const Clock& clock) {
  // No duration has a hyphen.
  if (text.find('-') != std::string_view::npos) return parse_rfc3339(text);
  const auto age = parse_duration(text);
  if (age) return std::chrono::floor<std::chrono::milliseconds>(clock.now()) - *age;
  if (text.size() > 1 && text.find_first_not_of("0123456789dhms") == std::string_view::npos &&
      text.find_first_of("dhms") != std::string_view::npos) {
    return tl::unexpected(age.error());
  }
  return failure(Reason::bad_option,
                 "not a time: write an age such as 90s, 5m, 1h or 7d, or a date such as 2026-01-31 or "
                 "2026-01-31T12:00:00Z");
}

void add_period_options(OptionTable& table) {
  namespace po = boost::program_options;
  auto add = table.add_options();
  add("since", po::value<std::string>()->value_name("TIME"),
      "no older than this: an age (90s, 5m, 1h, 7d), a date (2026-01-31) or a time (2026-01-31T12:00:00Z)");
  add("until", po::value<std::string>()->value_name("TIME"), "only what was before this; likewise");
}

Outcome<Period> read_period(const OptionValues& values, const Clock& clock) {
  const auto since = read_option(values, "since", clock);
  if (!since) return tl::unexpected(since.error());
  const auto until = read_option(values, "until", clock);
  if (!until) return tl::unexpected(until.error());
  if (*since && *until && **since >= **until)
    return failed(ExitCode::usage, "--since is not before --until: there is no such time");
  return Period{.since = *since, .until = *until};
}

}  // namespace tecs
