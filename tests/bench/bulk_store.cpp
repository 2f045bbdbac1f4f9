#include "bench/bulk_store.hpp"

#include <array>
#include <chrono>
#include <functional>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "bench/bulk_rows.hpp"
#include "verdicts/postgres_database.hpp"
#include "verdicts/postgres_text.hpp"
#include "verdicts/postgres_verdict_rows.hpp"
#include "verdicts/sqlite_database.hpp"
#include "verdicts/sqlite_verdict_row.hpp"
#include "verdicts/verdict_fields.hpp"
#include "verdicts/verdict_store.hpp"
#include "verdicts/verdict_store_select.hpp"

namespace tecs::bench {
namespace {

template <typename Value>
Value sure(Expected<Value> value) {
  if (!value) throw std::runtime_error(value.error().sentence);
  if constexpr (!std::is_void_v<Value>) return std::move(*value);
}

// A row of a table of counts as its columns, in the order of the statements.
using Field = std::variant<std::int64_t, std::string_view, std::string>;
using Fields = std::vector<Field>;

constexpr const char* count_columns =
    "start, domain, organizational_domain, result, reason, receiver, connections, messages, recipients, "
    "bytes, "
    "duration, dns_time, verification_time";

Fields fields_of(const RollupRow& row) {
  return {encode_field(row.key.start),
          row.key.domain,
          row.key.organizational_domain,
          word(row.key.result),
          row.key.reason,
          row.key.receiver,
          encode_field(row.counts.connections),
          encode_field(row.counts.messages),
          encode_field(row.counts.recipients),
          encode_field(row.counts.bytes),
          encode_field(row.counts.duration),
          encode_field(row.counts.dns_time),
          encode_field(row.counts.verification_time)};
}

Fields fields_of(const DistributionRow& row) {
  return {encode_field(row.key.start), word(row.key.measure), row.key.bin, row.key.receiver,
          encode_field(row.connections)};
}

Fields fields_of(const KnownDomainRow& row) {
  return {row.domain, row.organizational_domain, encode_field(row.first), encode_field(row.last)};
}

// write(table, columns, rows) for each table of counts.
template <typename Write>
void for_each_table(const VerdictRollup& rollup, Write write) {
  write("verdicts_hourly", count_columns, rollup.hours);
  write("verdicts_daily", count_columns, rollup.days);
  write("verdicts_monthly", count_columns, rollup.months);
  write("distributions_hourly", "start, measure, bin, receiver, connections", rollup.distributions);
  write("known_domains", "domain, organizational_domain, first, last", rollup.known_domains);
}

std::vector<std::string> texts_of(SqlDatabase& database, const std::string& sql) {
  std::vector<std::string> texts;
  sure(database.query(sql, {}, [&](const SqlRow& row) {
    texts.emplace_back(row.text(0));
    return true;
  }));
  return texts;
}

void execute_all(SqlDatabase& database, const std::vector<std::string>& statements) {
  for (const std::string& statement : statements) sure(database.execute(statement));
}

void run(SqliteStatement& statement) {
  sure(statement.step().map([](SqliteStatement::Step) {}));
  statement.reset();
}

template <typename Rows>
void insert_rows(SqliteDatabase& database, const std::string& table, const std::string& columns,
                 const Rows& rows) {
  if (rows.empty()) return;
  std::string places = "?";
  for (std::size_t i = 1; i < fields_of(rows.front()).size(); ++i) places += ", ?";
  auto insert = sure(
      database.connection().prepare("INSERT INTO " + table + " (" + columns + ") VALUES (" + places + ")"));
  for (const auto& row : rows) {
    const Fields fields = fields_of(row);
    for (std::size_t i = 0; i < fields.size(); ++i)
      std::visit([&](const auto& value) { insert.bind(static_cast<int>(i), value); }, fields[i]);
    run(insert);
  }
}

void fill_sqlite(const std::string& file, std::uint64_t count, const TrafficOptions& traffic) {
  BulkRows rows(count, traffic);
  const auto database = sure(SqliteDatabase::open(file, StoreMode::read_write, std::chrono::seconds{5}));
  const std::string indices_of_verdicts =
      " FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'verdicts' AND sql IS NOT NULL";
  const auto indices = texts_of(*database, "SELECT sql" + indices_of_verdicts);
  execute_all(*database, texts_of(*database, "SELECT 'DROP INDEX ' || name" + indices_of_verdicts));
  sure(
      database->execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -262144; "
                        "PRAGMA threads = 1"));
  sure(database->transaction([&]() -> Expected<void> {
    auto insert = sure(database->connection().prepare(insert_verdict_statement()));
    for (auto some = rows.next(); !some.empty(); some = rows.next()) {
      for (const Verdict* verdict : some) {
        bind_verdict(insert, *verdict);
        run(insert);
      }
    }
    for_each_table(rows.take_rollup(), [&](const auto& table, const auto& columns, const auto& counts) {
      insert_rows(*database, table, columns, counts);
    });
    return {};
  }));
  execute_all(*database, indices);
  sure(database->execute("PRAGMA journal_mode = WAL"));
}

template <typename Rows>
void copy_counts(PostgresDatabase& database, const std::string& table, const std::string& columns,
                 const Rows& rows) {
  constexpr std::size_t piece = 1000;
  auto next = rows.begin();
  const auto next_rows = [&] {
    std::string text;
    for (std::size_t i = 0; i < piece && next != rows.end(); ++i, ++next) {
      for (const Field& field : fields_of(*next)) {
        if (const auto* number = std::get_if<std::int64_t>(&field)) {
          text += std::to_string(*number);
        } else if (const auto* view = std::get_if<std::string_view>(&field)) {
          append_copy_text(text, *view);
        } else {
          text += std::get<std::string>(field);
        }
        text += '\t';
      }
      text.back() = '\n';
    }
    return text;
  };
  sure(database.copy("TRUNCATE " + table + "; COPY " + table + " (" + columns + ") FROM STDIN (FREEZE)",
                     next_rows));
}

// What is made again afterwards: indices, and what stands for primary keys.
struct Indices {
  std::vector<std::string> remove;
  std::vector<std::string> make;
};

Indices indices_of_postgresql(SqlDatabase& database) {
  const std::string tables =
      "('verdicts', 'verdicts_hourly', 'verdicts_daily', 'verdicts_monthly', 'distributions_hourly')";
  const std::string keys = " FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid WHERE t.relname IN " +
                           tables + " AND c.contype = 'p'";
  const std::string others =
      " FROM pg_indexes WHERE tablename IN " + tables + " AND indexname NOT LIKE '%_pkey'";
  Indices indices;
  indices.make = texts_of(database,
                          "SELECT 'ALTER TABLE ' || t.relname || ' ADD CONSTRAINT ' || c.conname || ' ' "
                          "|| pg_get_constraintdef(c.oid)" +
                              keys + " UNION ALL SELECT indexdef" + others);
  indices.remove =
      texts_of(database, "SELECT 'ALTER TABLE ' || t.relname || ' DROP CONSTRAINT ' || c.conname" + keys +
                             " UNION ALL SELECT 'DROP INDEX ' || indexname" + others);
  return indices;
}

void fill_postgresql(const StoreName& name, std::uint64_t count, const TrafficOptions& traffic) {
  BulkRows rows(count, traffic);
  const auto database = sure(PostgresDatabase::open(name, StoreMode::read_write));
  const Indices indices = indices_of_postgresql(*database);
  execute_all(*database, indices.remove);
  sure(database->transaction([&]() -> Expected<void> {
    std::span<const Verdict* const> left;
    const auto next_rows = [&] {
      if (left.empty()) left = rows.next();
      const auto piece = left.first(std::min<std::size_t>(left.size(), 200));
      left = left.subspan(piece.size());
      return copy_rows(piece);
    };
    sure(database->copy("TRUNCATE verdicts; COPY verdicts (" + verdict_columns() + ") FROM STDIN (FREEZE)",
                        next_rows));
    for_each_table(rows.take_rollup(), [&](const auto& table, const auto& columns, const auto& counts) {
      copy_counts(*database, table, columns, counts);
    });
    return {};
  }));
  execute_all(*database, indices.make);
  sure(database->execute("ANALYZE"));
}

void write_all(const StoreName& name, std::uint64_t verdicts, const TrafficOptions& options) {
  constexpr std::uint64_t batch_size = 1000;
  Traffic traffic(options);
  const auto store = sure(open_verdict_store(name, StoreMode::read_write));
  for (std::uint64_t first = 0; first < verdicts; first += batch_size) {
    std::vector<Verdict> batch(std::min(batch_size, verdicts - first));
    traffic.fill(batch, first);
    sure(store->write(batch));
  }
}

}  // namespace

void fill_in_bulk(const StoreName& name, std::uint64_t verdicts, const TrafficOptions& traffic) {
  const auto* const file = std::get_if<StoreName::SqliteFile>(&name.place());
  if (file != nullptr) {
    fill_sqlite(file->path, verdicts, traffic);
  } else {
    fill_postgresql(name, verdicts, traffic);
  }
}

void fill_by_writer(const StoreName& name, std::uint64_t verdicts) {
  write_all(name, verdicts, ninety_days(verdicts));
}

void add_batches(const StoreName& name, std::uint64_t batches) {
  write_all(name, batches * 1000, last_two_hours(batches * 1000));
}

std::uint64_t size_on_disk(const StoreName& name) {
  const auto database = sure(open_verdict_database(name, StoreMode::read_write));
  const bool sqlite = database->dialect() == SqlDialect::sqlite;
  // What is still in the log belongs into the file.
  if (sqlite) sure(database->execute("PRAGMA wal_checkpoint(TRUNCATE)"));
  const auto found = texts_of(
      *database, sqlite ? "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
                        : "SELECT CAST(sum(pg_total_relation_size(oid)) AS BIGINT) FROM pg_class "
                          "WHERE relkind = 'r' AND relnamespace = CAST(current_schema() AS regnamespace)");
  return std::stoull(found.at(0));
}

void add_covering_index(const StoreName& name) {
  const auto database = sure(open_verdict_database(name, StoreMode::read_write));
  sure(database->execute("CREATE INDEX covering ON verdicts (domain, result, messages, recipients, bytes)"));
  // Or it would have to look at rows that were written after the filling.
  if (database->dialect() == SqlDialect::postgresql) sure(database->execute("VACUUM verdicts"));
}

}  // namespace tecs::bench
