// How many connections there were of each domain, result, hour, ...: answered from the roll-ups, without
// looking at the verdicts.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tecs/error.hpp"
#include "verdicts/sql_database.hpp"
#include "verdicts/verdict.hpp"

namespace tecs {

enum class SummaryKey : std::uint8_t {
  domain,
  organizational_domain,
  result,
  reason,
  network,  // of the client, as Verdict::client_network; this one reads the verdicts themselves
  receiver,
  hour,
  day,
};

// "domain", "organizational-domain", ...: as on the command line.
[[nodiscard]] std::string_view word(SummaryKey key) noexcept;
[[nodiscard]] std::optional<SummaryKey> parse_summary_key(std::string_view word) noexcept;

// Every condition that is set must hold.
struct SummaryQuery {
  SummaryKey by = SummaryKey::domain;
  std::optional<Verdict::Time> since{};  // rounded down to the hour (not for network)
  std::optional<Verdict::Time> until{};  // up to this time, not included; rounded up to the hour
  std::optional<std::string> domain{};   // letters of either case, as the next
  std::optional<std::string> organizational_domain{};
  std::optional<std::string> receiver{};
  std::optional<Result> result{};
  std::optional<std::size_t> limit{};  // the first so many
};

// Plain value.
struct SummaryRow {
  // A time as in a verdict for hour and day. Empty: those that have none (no domain, no reason).
  std::string key;
  std::uint64_t connections = 0;
  std::uint64_t messages = 0;
  std::uint64_t recipients = 0;
  std::uint64_t bytes = 0;
  std::array<std::uint64_t, 7> results{};  // connections by Result

  friend bool operator==(const SummaryRow&, const SummaryRow&) = default;
};

// Whole days are answered from the counts by day, which outlive those by hour. Where hours that were asked
// for were pruned, the answer is of another period: summary_period.hpp tells which.
//
// Hours and days in ascending order, all else by descending number of connections and then by key. Fails with
// io_error.
[[nodiscard]] Expected<std::vector<SummaryRow>> summarize(SqlDatabase& database, const SummaryQuery& query);

}  // namespace tecs
