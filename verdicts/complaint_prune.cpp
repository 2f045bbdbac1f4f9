#include "verdicts/complaint_prune.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "verdicts/verdict_fields.hpp"

namespace tecs {
namespace {

// The last of the next ids behind that one; empty: there are none.
Expected<std::string> find_last(SqlDatabase& database, const std::string& after, std::size_t rows) {
  static const std::string statement =
      "SELECT MAX(id) FROM (SELECT id FROM complaints WHERE id > $1 ORDER BY id LIMIT $2) AS next";
  const std::array<SqlValue, 2> values{after, static_cast<std::int64_t>(rows)};
  std::string last;
  const auto read = database.query(statement, values, [&](const SqlRow& row) {
    last = row.text(0);
    return false;
  });
  if (!read) return tl::unexpected(read.error());
  return last;
}

}  // namespace

ComplaintPruneOptions complaint_prune_options(Verdict::Time now, std::chrono::days oldest_evidence) noexcept {
  constexpr std::chrono::days uncounted{30};
  constexpr std::chrono::days counted{2 * 365};
  return {.uncounted_before = now - uncounted, .counted_before = now - std::max(oldest_evidence, counted)};
}

// Along the primary key, as no other index serves: each row is looked at once.
Expected<std::uint64_t> prune_complaints(SqlDatabase& database, const ComplaintPruneOptions& options) {
  static const std::string statement =
      "DELETE FROM complaints WHERE id > $1 AND id <= $2"
      " AND (time < $3 AND status <> 'counted' OR time < $4 AND status = 'counted')";
  std::uint64_t gone = 0;
  for (std::string after;;) {
    const auto last = find_last(database, after, options.rows_at_a_time);
    if (!last) return tl::unexpected(last.error());
    if (last->empty()) return gone;
    const std::array<SqlValue, 4> values{after, *last, encode_field(options.uncounted_before),
                                         encode_field(options.counted_before)};
    const auto deleted = database.change(statement, values);
    if (!deleted) return tl::unexpected(deleted.error());
    gone += *deleted;
    after = *last;
  }
}

}  // namespace tecs
