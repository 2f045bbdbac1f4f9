#include "verdicts/prune_names.hpp"

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "verdicts/prune_slice.hpp"
#include "verdicts/pruned_times.hpp"
#include "verdicts/verdict_fields.hpp"

namespace tecs {
namespace {

// $1 and $2, $3 and $4: after the one place, up to the other, in the order of the key.
constexpr std::string_view rows_of_slice =
    " FROM verdicts_daily WHERE (start, domain) > ($1, $2) AND (start, domain) <= ($3, $4) AND domain <> '' "
    "AND NOT EXISTS (SELECT 1 FROM known_domains WHERE known_domains.domain = verdicts_daily.domain)";

using Place = std::vector<std::string>;  // start and domain

// Of the last row of the next slice, known or not: a slice is bounded by what it reads, too.
Expected<Place> end_of_slice(SqlDatabase& database, const Place& after, const std::string& before,
                             std::size_t size) {
  const std::array<SqlValue, 4> values{after[0], after[1], before, static_cast<std::int64_t>(size - 1)};
  return first_texts(database,
                     "SELECT start, domain FROM verdicts_daily WHERE (start, domain) > ($1, $2) AND start < "
                     "$3 ORDER BY start, domain LIMIT 1 OFFSET $4",
                     values, 2)
      // No text of a day is as great as before, nor a domain less than none.
      .map([&](const Place& end) {
        return end.empty() ? Place{before, ""} : end;
      });
}

constexpr std::string_view add_to_present =
    " ON CONFLICT (start, domain, organizational_domain, result, reason, receiver) DO UPDATE SET "
    "connections = present.connections + excluded.connections, "
    "messages = present.messages + excluded.messages, "
    "recipients = present.recipients + excluded.recipients, bytes = present.bytes + excluded.bytes, "
    "duration = present.duration + excluded.duration, dns_time = present.dns_time + excluded.dns_time, "
    "verification_time = present.verification_time + excluded.verification_time";

// The slice's counts, with this sign, added under `names` (two columns) to those of a table.
std::string add_slice(std::string_view table, std::string_view start, std::string_view names,
                      std::string_view sign) {
  const auto sum = [&](std::string_view column) {
    return ", CAST(" + std::string(sign) + "SUM(" + std::string(column) + ") AS BIGINT)";
  };
  std::string statement = "INSERT INTO " + std::string(table) +
                          " AS present (start, domain, organizational_domain, result, reason, receiver, "
                          "connections, messages, recipients, bytes, duration, dns_time, verification_time) "
                          "SELECT " +
                          std::string(start) + ", " + std::string(names) + ", result, reason, receiver";
  for (const char* column :
       {"connections", "messages", "recipients", "bytes", "duration", "dns_time", "verification_time"})
    statement += sum(column);
  return statement + std::string(rows_of_slice) + " GROUP BY 1, 2, 3, 4, 5, 6" + std::string(add_to_present);
}

// Their days lose their names, and so do the months that the days are of.
Expected<std::uint64_t> fold_slice(SqlDatabase& database, const Place& after, const Place& end) {
  constexpr std::string_view month = "substr(start, 1, 7) || '-01T00:00:00.000Z'";
  static const std::array<std::string, 3> folding{
      add_slice("verdicts_monthly", month, "domain, organizational_domain", "-"),
      add_slice("verdicts_monthly", month, "'', ''", ""), add_slice("verdicts_daily", "start", "'', ''", "")};
  static const std::string remove = "DELETE" + std::string(rows_of_slice);
  const std::array<SqlValue, 4> values{after[0], after[1], end[0], end[1]};
  for (const std::string& statement : folding) {
    if (auto folded = database.change(statement, values); !folded) return folded;
  }
  // The month in which the slice begins may begin before it.
  const std::array<SqlValue, 2> months{after[0].substr(0, 7), end[0]};
  if (auto emptied = database.change("DELETE FROM verdicts_monthly WHERE start >= $1 AND start <= $2 AND "
                                     "connections <= 0",
                                     months);
      !emptied)
    return emptied;
  return database.change(remove, values);
}

}  // namespace

Expected<bool> prune_names(SqlDatabase& database, Verdict::Time before, std::size_t rows_at_a_time,
                           const std::function<bool(std::uint64_t)>& gone) {
  const auto pruned = read_pruned_times(database);
  if (!pruned) return tl::unexpected(pruned.error());
  const std::string last = encode_field(before);
  Place after{pruned->names ? encode_field(*pruned->names) : std::string(), ""};
  while (after[0] < last) {
    std::uint64_t rows = 0;
    const auto folded = prune_alone(database, [&]() -> Expected<void> {
      const auto end = end_of_slice(database, after, last, rows_at_a_time);
      if (!end) return tl::unexpected(end.error());
      const auto changed = fold_slice(database, after, *end);
      if (!changed) return tl::unexpected(changed.error());
      rows = *changed;
      after = *end;
      Verdict::Time reached;
      if (!decode_field(after[0], reached))
        return failure(Reason::io_error, "a count in the store has no time");
      return keep_pruned_time(database, pruned_names, reached);
    });
    if (!folded) return tl::unexpected(folded.error());
    if (!gone(rows)) return false;
  }
  return true;
}

}  // namespace tecs
