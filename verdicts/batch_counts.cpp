#include "verdicts/batch_counts.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <string>

#include "verdicts/batch_counts_text.hpp"
#include "verdicts/verdict_rollup_write.hpp"

namespace tecs {
namespace {

// "TECS" and "coun".
constexpr const char* try_lock = "SELECT pg_try_advisory_xact_lock(1413825363, 1668248942)";

Expected<std::int64_t> ask(SqlDatabase& database, const std::string& sql) {
  std::int64_t number = 0;
  return database
      .query(sql, {},
             [&](const SqlRow& row) {
               number = row.integer(0);
               return false;
             })
      .map([&] { return number; });
}

// SQLite has one writer at a time.
Expected<bool> is_alone(SqlDatabase& database) {
  if (database.dialect() == SqlDialect::sqlite) return true;
  return ask(database, try_lock).map([](std::int64_t locked) { return locked != 0; });
}

// So much text at a time, whatever the rows hold; a batch of 1,000 verdicts has some 60 kB.
constexpr std::size_t most_octets_at_once = std::size_t{32} << 20U;
constexpr std::uint64_t most_at_once = 1000;

std::string has_size_of_a_batch(SqlDialect dialect) {
  const std::string octets =
      dialect == SqlDialect::sqlite ? "length(CAST(counts AS BLOB))" : "octet_length(counts)";
  return octets + " <= " + std::to_string(most_octets_of_batch_counts);
}

void append(std::string& list, std::int64_t sequence) {
  list += (list.empty() ? "" : ", ") + std::to_string(sequence);
}

struct Batches {
  std::deque<std::string> texts;  // stay where they are; the rollup's texts are of them
  VerdictRollup rollup;
  std::string added;       // "1, 2, 5": by their sequence
  std::string unreadable;  // likewise
  std::uint64_t count = 0;
};

Expected<Batches> read_batches(SqlDatabase& database, std::uint64_t most) {
  const std::string sql = "SELECT sequence, CASE WHEN " + has_size_of_a_batch(database.dialect()) +
                          " THEN counts END FROM batch_counts WHERE aside = 0 ORDER BY sequence LIMIT $1";
  const std::array<SqlValue, 1> values{static_cast<std::int64_t>(std::min(most, most_at_once))};
  Batches batches;
  std::size_t octets = 0;
  return database
      .query(sql, values,
             [&](const SqlRow& row) {
               octets += row.text(1).size();
               const bool first = batches.count == 0;
               if (octets > most_octets_at_once && !first) return false;
               ++batches.count;
               const bool good =
                   !row.is_null(1) &&
                   decode_batch_counts(batches.texts.emplace_back(row.text(1)), batches.rollup).has_value();
               append(good ? batches.added : batches.unreadable, row.integer(0));
               return true;
             })
      .map([&] { return std::move(batches); });
}

Expected<void> put_aside(SqlDatabase& database, const Batches& batches) {
  if (batches.unreadable.empty()) return {};
  return database.execute("UPDATE batch_counts SET aside = 1 WHERE sequence IN (" + batches.unreadable + ")");
}

// Not from one to another: on PostgreSQL one that has a number in between may arrive later.
Expected<void> add(SqlDatabase& database, Batches& batches) {
  if (batches.added.empty()) return {};
  add_up(batches.rollup);
  return write_rollup(database, batches.rollup).and_then([&] {
    return database.execute("DELETE FROM batch_counts WHERE sequence IN (" + batches.added + ")");
  });
}

// Known domains are written by whoever has the verdicts.
Expected<void> add_at_once(SqlDatabase& database, VerdictRollup rollup) {
  rollup.known_domains.clear();
  add_up(rollup);
  return write_rollup(database, rollup);
}

}  // namespace

Expected<bool> keep_batch_counts(SqlDatabase& database, const VerdictRollup& rollup) {
  if (rollup.hours.empty()) return false;
  auto text = encode_batch_counts(rollup);
  if (!text) return add_at_once(database, rollup).map([] { return false; });
  const std::array<SqlValue, 1> values{*std::move(text)};
  return database.change("INSERT INTO batch_counts (counts) VALUES ($1)", values).map([](std::uint64_t) {
    return true;
  });
}

std::string waiting_batches(SqlDialect dialect) {
  return "batch_counts WHERE aside = 0 AND " + has_size_of_a_batch(dialect);
}

Expected<std::uint64_t> count_batch_counts(SqlDatabase& database) {
  return ask(database, "SELECT count(*) FROM batch_counts WHERE aside = 0").map([](std::int64_t count) {
    return static_cast<std::uint64_t>(count);
  });
}

Expected<std::optional<std::uint64_t>> add_batch_counts(SqlDatabase& database, std::uint64_t most) {
  const auto alone = is_alone(database);
  if (!alone) return tl::unexpected(alone.error());
  if (!*alone) return std::nullopt;
  auto batches = read_batches(database, most);
  if (!batches) return tl::unexpected(batches.error());
  return put_aside(database, *batches).and_then([&] { return add(database, *batches); }).map([&] {
    return std::optional(batches->count);
  });
}

}  // namespace tecs
