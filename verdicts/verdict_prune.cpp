#include "verdicts/verdict_prune.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "verdicts/batch_counts.hpp"
#include "verdicts/prune_names.hpp"
#include "verdicts/prune_slice.hpp"
#include "verdicts/pruned_times.hpp"
#include "verdicts/verdict_fields.hpp"

namespace tecs {
namespace {

// Rows of one table from before a time.
struct OldRows {
  std::string_view table;
  std::string_view key;   // the column in whose order they go
  std::string_view time;  // the column that tells how old they are
  Verdict::Time before;
  std::uint64_t PruneCounts::*count;
};

// The key of the last row of the next slice; empty: the rest is less than one.
Expected<std::string> end_of_slice(SqlDatabase& database, const OldRows& rows, const std::string& after,
                                   std::size_t size) {
  const std::string key(rows.key);
  const std::array<SqlValue, 3> values{after, encode_field(rows.before), static_cast<std::int64_t>(size - 1)};
  return first_texts(database,
                     "SELECT " + key + " FROM " + std::string(rows.table) + " WHERE " + key + " > $1 AND " +
                         std::string(rows.time) + " < $2 ORDER BY " + key + " LIMIT 1 OFFSET $3",
                     values, 1)
      .map([](const std::vector<std::string>& end) { return end.empty() ? std::string() : end.front(); });
}

Expected<std::uint64_t> delete_slice(SqlDatabase& database, const OldRows& rows, const std::string& after,
                                     const std::string& end) {
  const std::string key(rows.key);
  std::string statement = "DELETE FROM " + std::string(rows.table) + " WHERE " + key + " > $1 AND " +
                          std::string(rows.time) + " < $2";
  std::vector<SqlValue> values{after, encode_field(rows.before)};
  if (!end.empty()) {
    statement += " AND " + key + " <= $3";
    values.emplace_back(end);
  }
  return database.change(statement, values);
}

// Without a domain that was known, names that were passed over have to go.
Expected<void> begin_names_anew(SqlDatabase& database) {
  return database
      .change("DELETE FROM pruned_times WHERE what = $1", std::array<SqlValue, 1>{std::string(pruned_names)})
      .map([](std::uint64_t) {});
}

// Slice by slice. Returns whether to go on.
Expected<bool> delete_rows(SqlDatabase& database, const OldRows& rows, std::size_t size, PruneCounts& counts,
                           const PruneProgress& progress) {
  std::string after;
  bool more = true;
  while (more) {
    const auto done = prune_alone(database, [&]() -> Expected<void> {
      const auto end = end_of_slice(database, rows, after, size);
      if (!end) return tl::unexpected(end.error());
      const auto deleted = delete_slice(database, rows, after, *end);
      if (!deleted) return tl::unexpected(deleted.error());
      counts.*rows.count += *deleted;
      more = !end->empty();
      after = *end;
      return rows.table == "known_domains" && *deleted > 0 ? begin_names_anew(database) : Expected<void>{};
    });
    if (!done) return tl::unexpected(done.error());
    if (!progress(counts)) return false;
  }
  return true;
}

// What was asked for, rounded down and capped by what waits.
struct Begun {
  Verdict::Time before;
  std::optional<Verdict::Time> daily_before;
  WaitingVerdicts waiting;
};

// Nothing of a period that is pruned may come into its counts later.
Expected<void> add_all_batch_counts(SqlDatabase& database) {
  constexpr std::uint64_t at_a_time = 1000;
  while (true) {
    const auto added = add_batch_counts(database, at_a_time);
    if (!added) return tl::unexpected(added.error());
    if (added->value_or(0) == 0) return {};
  }
}

// From here on the store takes nothing from before, so that nothing of it can come to wait or be counted, and
// whoever asks knows what is missing. In one transaction, since others write.
Expected<Begun> begin(SqlDatabase& database, const PruneOptions& options) {
  using std::chrono::floor;
  Begun begun;
  const auto done = prune_alone(database, [&]() -> Expected<void> {
    if (auto added = add_all_batch_counts(database); !added) return added;
    const auto waiting = find_waiting_verdicts(database);
    if (!waiting) return tl::unexpected(waiting.error());
    begun.waiting = *waiting;
    begun.before =
        floor<std::chrono::hours>(std::min(options.before, waiting->oldest.value_or(options.before)));
    auto kept = keep_pruned_time(database, pruned_verdicts, begun.before);
    if (!kept || !options.daily_before) return kept;
    begun.daily_before = floor<std::chrono::days>(*options.daily_before);
    return keep_pruned_time(database, pruned_days, *begun.daily_before);
  });
  if (!done) return tl::unexpected(done.error());
  return begun;
}

std::vector<OldRows> old_rows(const Begun& begun) {
  std::vector<OldRows> rows{
      {"verdicts", "time", "time", begun.before, &PruneCounts::verdicts},
      {"verdicts_hourly", "start", "start", begun.before, &PruneCounts::hours},
      {"distributions_hourly", "start", "start", begun.before, &PruneCounts::distributions}};
  if (begun.daily_before) {
    rows.push_back({"verdicts_daily", "start", "start", *begun.daily_before, &PruneCounts::days});
    // Of a month that is pruned in part nobody asks for the whole.
    rows.push_back({"verdicts_monthly", "start", "start", *begun.daily_before, &PruneCounts::months});
    rows.push_back({"known_domains", "domain", "last", *begun.daily_before, &PruneCounts::domains});
  }
  return rows;
}

}  // namespace

Expected<Pruning> prune(SqlDatabase& database, const PruneOptions& options, const PruneProgress& progress) {
  const auto begun = begin(database, options);
  if (!begun) return tl::unexpected(begun.error());
  Pruning pruning{.gone = {}, .waiting = begun->waiting};
  const std::size_t size = std::max<std::size_t>(options.rows_at_a_time, 1);
  for (const OldRows& rows : old_rows(*begun)) {
    const auto go_on = delete_rows(database, rows, size, pruning.gone, progress);
    if (!go_on) return tl::unexpected(go_on.error());
    if (!*go_on) return pruning;
  }
  // Nothing is written any more to days that are all before.
  const auto gone = [&](std::uint64_t rows) {
    pruning.gone.names += rows;
    return progress(pruning.gone);
  };
  const auto named = prune_names(database, std::chrono::floor<std::chrono::days>(begun->before), size, gone);
  if (!named) return tl::unexpected(named.error());
  return pruning;
}

}  // namespace tecs
