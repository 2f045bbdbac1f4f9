#include "verdicts/verdict_summary.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <span>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "verdicts/batch_counts.hpp"
#include "verdicts/batch_counts_text.hpp"
#include "verdicts/sql_statement.hpp"
#include "verdicts/summary_period.hpp"
#include "verdicts/text_hash.hpp"
#include "verdicts/verdict_fields.hpp"
#include "verdicts/verdict_rollup.hpp"

namespace tecs {
namespace {

constexpr std::array<std::pair<SummaryKey, std::string_view>, 8> words{{
    {SummaryKey::domain, "domain"},
    {SummaryKey::organizational_domain, "organizational-domain"},
    {SummaryKey::result, "result"},
    {SummaryKey::reason, "reason"},
    {SummaryKey::network, "network"},
    {SummaryKey::receiver, "receiver"},
    {SummaryKey::hour, "hour"},
    {SummaryKey::day, "day"},
}};

using Bound = std::optional<Verdict::Time>;

// A table, and the rows of it that begin in a period.
struct Part {
  std::string_view table;
  Bound since;
  Bound until;
};

// What is left of all when the longer periods lie in between.
void add_edges(std::vector<Part>& parts, const Part& all, const Part& between) {
  if (all.since != between.since) parts.push_back({all.table, all.since, between.since});
  if (all.until != between.until) parts.push_back({all.table, between.until, all.until});
}

// False: there is none that is whole.
bool is_there(const Part& part) {
  return !part.since || !part.until || *part.since < *part.until;
}

Bound first_month_from(const Bound& day) {
  if (!day || first_moment_of_month(*day) == *day) return day;
  return first_moment_of_month(first_moment_of_month(*day) + std::chrono::days{31});
}

// Whole months from the counts by month, what is left of them from those by day, and what is left of those
// from those by hour.
std::vector<Part> parts_of(SummaryKey by, const SummaryPeriod& period) {
  using std::chrono::days;
  const Part all{"verdicts_hourly", period.since, period.until};
  if (by == SummaryKey::network) return {{"verdicts", all.since, all.until}};
  const Part whole_days{"verdicts_daily",
                        all.since ? Bound(std::chrono::ceil<days>(*all.since)) : std::nullopt,
                        all.until ? Bound(std::chrono::floor<days>(*all.until)) : std::nullopt};
  if (by == SummaryKey::hour || !is_there(whole_days)) return {all};
  std::vector<Part> parts;
  add_edges(parts, all, whole_days);
  const Part whole_months{"verdicts_monthly", first_month_from(whole_days.since),
                          whole_days.until ? Bound(first_moment_of_month(*whole_days.until)) : std::nullopt};
  if (by == SummaryKey::day || !is_there(whole_months)) {
    parts.push_back(whole_days);
    return parts;
  }
  add_edges(parts, whole_days, whole_months);
  parts.push_back(whole_months);
  return parts;
}

std::string key_expression(SummaryKey key) {
  switch (key) {
    case SummaryKey::organizational_domain:
      return "organizational_domain";
    case SummaryKey::network:
      return "client_network";
    case SummaryKey::hour:
      return "start";
    case SummaryKey::day:
      return "substr(start, 1, 10)";
    default:
      return std::string(word(key));
  }
}

// SQLite would sort all rows in order to group them, for which it needs longer than to read them; so it hands
// them over one by one. From PostgreSQL each row is a journey, and a sum that exceeds 64 bits an error.
void select_part(SqlDialect dialect, const SummaryQuery& query, const Part& part, SqlStatement& statement) {
  const bool grouped = dialect != SqlDialect::sqlite;
  const bool counted = part.table != "verdicts";
  const std::string key = key_expression(query.by);
  const auto sum = [&](const std::string& column) {
    return grouped ? ", CAST(LEAST(SUM(" + column + "), 9223372036854775807) AS BIGINT)" : ", " + column;
  };
  statement.text += "SELECT " + key + ", result" + sum(counted ? "connections" : "1") + sum("messages") +
                    sum("recipients") + sum("bytes") + " FROM " + std::string(part.table);
  const std::string time = counted ? "start" : "time";
  statement.text +=
      " WHERE " + time + " >= " + statement.add(part.since ? encode_field(*part.since) : std::string());
  if (part.until) statement.text += " AND " + time + " < " + statement.add(encode_field(*part.until));
  statement.require_domain("domain", query.domain);
  statement.require_domain("organizational_domain", query.organizational_domain);
  statement.require("receiver", query.receiver);
  if (query.result) statement.require("result", std::string(word(*query.result)));
  if (grouped) statement.text += " GROUP BY " + key + ", result";
}

// One statement, which sees one state of the store: batches are in the tables or beside them. Those that are
// not in the tables yet have no result.
SqlStatement select_all(SqlDialect dialect, const SummaryQuery& query, const std::vector<Part>& parts) {
  SqlStatement statement;
  for (const Part& part : parts) {
    if (!statement.text.empty()) statement.text += " UNION ALL ";
    select_part(dialect, query, part, statement);
  }
  if (query.by != SummaryKey::network)
    statement.text += " UNION ALL SELECT counts, NULL, 0, 0, 0, 0 FROM " + waiting_batches(dialect);
  return statement;
}

// The row of each key.
using Rows = std::unordered_map<std::string, SummaryRow, TextHash, std::equal_to<>>;

class Summing {
 public:
  Summing(const SummaryQuery& query, const SummaryPeriod& period) : query_(query), period_(period) {}

  // False: there is nothing more to be had; see failed().
  bool add(const SqlRow& row) {
    if (row.is_null(1)) {
      add_batch(row.text(0));
      return true;
    }
    const auto result = parse_result(row.text(1));
    if (!result) {
      failed_ = failure(Reason::io_error, "a count in the store has a result that is none").value();
      return false;
    }
    const auto count = [&](int column) { return static_cast<std::uint64_t>(row.integer(column)); };
    add(row.text(0), *result, {count(2), count(3), count(4), count(5)});
    return true;
  }

  [[nodiscard]] const std::optional<Error>& failed() const noexcept { return failed_; }
  [[nodiscard]] const Rows& rows() const noexcept { return rows_; }

 private:
  void add(std::string_view key, Result result, const RollupCounts& counts) {
    auto found = rows_.find(key);
    if (found == rows_.end()) found = rows_.emplace(key, SummaryRow{}).first;
    SummaryRow& sum = found->second;
    sum.connections += counts.connections;
    sum.messages += counts.messages;
    sum.recipients += counts.recipients;
    sum.bytes += counts.bytes;
    sum.results.at(static_cast<std::size_t>(result)) += counts.connections;
  }

  void add_batch(std::string_view text) {
    VerdictRollup batch;
    if (!decode_batch_counts(text, batch)) return;
    for (const RollupRow& row : batch.hours) {
      if (is_asked_for(row.key)) add(key_of(row.key), row.key.result, row.counts);
    }
  }

  // As the statement says of the other rows.
  [[nodiscard]] bool is_asked_for(const RollupKey& row) const {
    const auto is = [](const std::optional<std::string>& wanted, std::string_view value) {
      return !wanted || *wanted == value;
    };
    return (!period_.since || row.start >= *period_.since) &&
           (!period_.until || row.start < *period_.until) &&
           (!query_.domain || stored_domain(*query_.domain) == row.domain) &&
           (!query_.organizational_domain ||
            stored_domain(*query_.organizational_domain) == row.organizational_domain) &&
           is(query_.receiver, row.receiver) && (!query_.result || *query_.result == row.result);
  }

  [[nodiscard]] std::string key_of(const RollupKey& row) const {
    switch (query_.by) {
      case SummaryKey::domain:
        return std::string(row.domain);
      case SummaryKey::organizational_domain:
        return std::string(row.organizational_domain);
      case SummaryKey::result:
        return std::string(word(row.result));
      case SummaryKey::reason:
        return std::string(row.reason);
      case SummaryKey::receiver:
        return std::string(row.receiver);
      case SummaryKey::hour:
        return encode_field(row.start);
      default:
        return encode_field(row.start).substr(0, 10);
    }
  }

  const SummaryQuery& query_;
  const SummaryPeriod& period_;
  Rows rows_;
  std::optional<Error> failed_;
};

std::vector<SummaryRow> in_order(const Rows& rows, const SummaryQuery& query) {
  std::vector<SummaryRow> sorted;
  sorted.reserve(rows.size());
  for (const auto& [key, row] : rows)
    sorted.emplace_back(row).key = query.by == SummaryKey::day ? key + "T00:00:00.000Z" : key;
  const bool by_time = query.by == SummaryKey::hour || query.by == SummaryKey::day;
  std::ranges::sort(sorted, [&](const SummaryRow& left, const SummaryRow& right) {
    if (by_time || left.connections == right.connections) return left.key < right.key;
    return left.connections > right.connections;
  });
  if (query.limit && *query.limit < sorted.size()) sorted.resize(*query.limit);
  return sorted;
}

}  // namespace

std::string_view word(SummaryKey key) noexcept {
  return std::ranges::find(words, key, &std::pair<SummaryKey, std::string_view>::first)->second;
}

std::optional<SummaryKey> parse_summary_key(std::string_view word) noexcept {
  const auto* const found = std::ranges::find(words, word, &std::pair<SummaryKey, std::string_view>::second);
  return found == words.end() ? std::nullopt : std::optional(found->first);
}

Expected<std::vector<SummaryRow>> summarize(SqlDatabase& database, const SummaryQuery& query) {
  const auto period = find_answered_period(database, query);
  if (!period) return tl::unexpected(period.error());
  const SqlStatement statement = select_all(database.dialect(), query, parts_of(query.by, *period));
  Summing summing(query, *period);
  const auto answered =
      database.query(statement.text, statement.values, [&](const SqlRow& row) { return summing.add(row); });
  if (!answered) return tl::unexpected(answered.error());
  if (summing.failed()) return tl::unexpected(*summing.failed());
  return in_order(summing.rows(), query);
}

}  // namespace tecs
