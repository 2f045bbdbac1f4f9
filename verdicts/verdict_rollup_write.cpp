#include "verdicts/verdict_rollup_write.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <string>

#include "verdicts/verdict_fields.hpp"

namespace tecs {
namespace {

constexpr std::size_t most_rows_of_a_statement = 128;

// What is inserted, and what becomes of a row that is there ("present").
struct Upsert {
  std::string_view table;
  std::string_view columns;
  std::size_t column_count;
  std::string_view update;
  std::string_view update_present;  // the same of one row that is known to be there

  [[nodiscard]] std::string text(std::size_t rows) const {
    std::string statement =
        "INSERT INTO " + std::string(table) + " AS present (" + std::string(columns) + ") VALUES ";
    for (std::size_t parameter = 0; parameter < rows * column_count; ++parameter) {
      statement += parameter == 0 ? "($" : parameter % column_count == 0 ? "), ($" : ", $";
      statement += std::to_string(parameter + 1);
    }
    return statement + ") ON CONFLICT " + std::string(update);
  }
};

// append(values, row) adds the values of a row. A statement to PostgreSQL is a journey to another machine, so
// it takes many rows.
template <typename Row, typename Append>
Expected<void> write_many_a_statement(SqlDatabase& database, const Upsert& upsert, std::span<const Row> rows,
                                      Append append) {
  std::string statement;
  std::size_t rows_of_text = 0;
  std::vector<SqlValue> values;
  while (!rows.empty()) {
    // Powers of two, so that few statements are prepared.
    const std::size_t count = std::min(most_rows_of_a_statement, std::bit_floor(rows.size()));
    if (count != rows_of_text) statement = upsert.text(rows_of_text = count);
    values.clear();
    for (const Row& row : rows.first(count)) append(values, row);
    if (const auto changed = database.change(statement, values); !changed)
      return tl::unexpected(changed.error());
    rows = rows.subspan(count);
  }
  return {};
}

// To SQLite a statement is a call. Most rows are there already, and an UPDATE alone takes a third less than
// the conflict of an INSERT and the same update.
template <typename Row, typename Append>
Expected<void> write_one_by_one(SqlDatabase& database, const Upsert& upsert, std::span<const Row> rows,
                                Append append) {
  const std::string update =
      "UPDATE " + std::string(upsert.table) + " SET " + std::string(upsert.update_present);
  const std::string insert = upsert.text(1);
  std::vector<SqlValue> values;
  for (const Row& row : rows) {
    values.clear();
    append(values, row);
    auto changed = database.change(update, values);
    if (changed && *changed == 0) changed = database.change(insert, values);
    if (!changed) return tl::unexpected(changed.error());
  }
  return {};
}

template <typename Row, typename Append>
Expected<void> write_rows(SqlDatabase& database, const Upsert& upsert, std::span<const Row> rows,
                          Append append) {
  return database.dialect() == SqlDialect::sqlite ? write_one_by_one(database, upsert, rows, append)
                                                  : write_many_a_statement(database, upsert, rows, append);
}

constexpr std::string_view count_columns =
    "start, domain, organizational_domain, result, reason, receiver, connections, messages, recipients, "
    "bytes, duration, dns_time, verification_time";
constexpr std::array<std::string_view, 7> counts_of_a_row{
    "connections", "messages", "recipients", "bytes", "duration", "dns_time", "verification_time"};

// A count that somebody made as large as it can be must not keep all others from being written: it stays
// below twice this, and so does what is added (batch_counts_text.hpp).
std::string sum(const std::string& present, const std::string& added) {
  const std::string most = std::to_string((std::int64_t{1} << 62U) - 1);
  return "CASE WHEN " + present + " < " + most + " THEN " + present + " ELSE " + most + " END + " + added;
}

std::string on_conflict_add(const std::string& key, std::span<const std::string_view> counts) {
  std::string sums;
  for (const std::string_view count : counts) {
    const std::string name(count);
    sums += (sums.empty() ? "" : ", ") + name + " = " + sum("present." + name, "excluded." + name);
  }
  return "(" + key + ") DO UPDATE SET " + sums;
}

// Their values follow those of the key's columns, whose number it is.
std::string add_to_present(std::span<const std::string_view> counts, std::size_t parameter) {
  std::string text;
  for (const std::string_view count : counts) {
    const std::string name(count);
    text += (text.empty() ? "" : ", ") + name + " = " + sum(name, "$" + std::to_string(++parameter));
  }
  return text;
}

Expected<void> write_counts(SqlDatabase& database, std::string_view table,
                            const std::vector<RollupRow>& rows) {
  const auto append = [](std::vector<SqlValue>& values, const RollupRow& row) {
    values.emplace_back(encode_field(row.key.start));
    values.emplace_back(std::string(row.key.domain));
    values.emplace_back(std::string(row.key.organizational_domain));
    values.emplace_back(std::string(word(row.key.result)));
    values.emplace_back(std::string(row.key.reason));
    values.emplace_back(std::string(row.key.receiver));
    values.emplace_back(encode_field(row.counts.connections));
    values.emplace_back(encode_field(row.counts.messages));
    values.emplace_back(encode_field(row.counts.recipients));
    values.emplace_back(encode_field(row.counts.bytes));
    values.emplace_back(encode_field(row.counts.duration));
    values.emplace_back(encode_field(row.counts.dns_time));
    values.emplace_back(encode_field(row.counts.verification_time));
  };
  static const std::string add =
      on_conflict_add("start, domain, organizational_domain, result, reason, receiver", counts_of_a_row);
  static const std::string add_present =
      add_to_present(counts_of_a_row, 6) +
      " WHERE start = $1 AND domain = $2 AND organizational_domain = $3 AND result = $4 AND reason = $5 AND "
      "receiver = $6";
  return write_rows<RollupRow>(database, {table, count_columns, 13, add, add_present}, rows, append);
}

Expected<void> write_distributions(SqlDatabase& database, const std::vector<DistributionRow>& rows) {
  constexpr std::array<std::string_view, 1> counts{"connections"};
  static const std::string add = on_conflict_add("start, measure, bin, receiver", counts);
  static const std::string add_present =
      add_to_present(counts, 4) + " WHERE start = $1 AND measure = $2 AND bin = $3 AND receiver = $4";
  const Upsert upsert{"distributions_hourly", "start, measure, bin, receiver, connections", 5, add,
                      add_present};
  return write_rows<DistributionRow>(database, upsert, rows,
                                     [](std::vector<SqlValue>& values, const DistributionRow& row) {
                                       values.emplace_back(encode_field(row.key.start));
                                       values.emplace_back(std::string(word(row.key.measure)));
                                       values.emplace_back(row.key.bin);
                                       values.emplace_back(std::string(row.key.receiver));
                                       values.emplace_back(encode_field(row.connections));
                                     });
}

}  // namespace

Expected<void> write_known_domains(SqlDatabase& database, std::span<const KnownDomainRow> rows) {
  constexpr Upsert upsert{
      "known_domains", "domain, organizational_domain, first, last", 4,
      "(domain) DO UPDATE SET "
      "organizational_domain = CASE WHEN (excluded.last, excluded.organizational_domain) > "
      "(present.last, present.organizational_domain) THEN excluded.organizational_domain "
      "ELSE present.organizational_domain END, "
      "first = CASE WHEN excluded.first < present.first THEN excluded.first ELSE present.first END, "
      "last = CASE WHEN excluded.last > present.last THEN excluded.last ELSE present.last END",
      // The usual case, in which no index changes.
      "last = $4 WHERE domain = $1 AND organizational_domain = $2 AND first <= $3 AND last <= $4"};
  return write_rows<KnownDomainRow>(database, upsert, rows,
                                    [](std::vector<SqlValue>& values, const KnownDomainRow& row) {
                                      values.emplace_back(std::string(row.domain));
                                      values.emplace_back(std::string(row.organizational_domain));
                                      values.emplace_back(encode_field(row.first));
                                      values.emplace_back(encode_field(row.last));
                                    });
}

Expected<void> write_rollup(SqlDatabase& database, const VerdictRollup& rollup) {
  return write_counts(database, "verdicts_hourly", rollup.hours)
      .and_then([&] { return write_counts(database, "verdicts_daily", rollup.days); })
      .and_then([&] { return write_counts(database, "verdicts_monthly", rollup.months); })
      .and_then([&] { return write_distributions(database, rollup.distributions); })
      .and_then([&] { return write_known_domains(database, rollup.known_domains); });
}

}  // namespace tecs
