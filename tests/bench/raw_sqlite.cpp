#include "bench/raw_sqlite.hpp"

#include <sqlite3.h>

#include <filesystem>
#include <stdexcept>

#include "verdicts/store_schema.hpp"
#include "verdicts/verdict_fields.hpp"

namespace tecs::bench {

void RawSqlite::Close::operator()(sqlite3* connection) const noexcept {
  sqlite3_close(connection);
}

void RawSqlite::Close::operator()(sqlite3_stmt* statement) const noexcept {
  sqlite3_finalize(statement);
}

RawSqlite::RawSqlite(const std::string& file) {
  const bool fresh = !std::filesystem::exists(file);
  sqlite3* connection = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  if (sqlite3_open_v2(file.c_str(), &connection, flags, nullptr) != SQLITE_OK)
    throw std::runtime_error(file + " cannot be opened");
  connection_.reset(connection);
  execute(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864; "
      "PRAGMA cache_size = -16384");
  if (fresh) execute(create_statements(SqlDialect::sqlite));
  std::string places;
  for_each_field([&](const auto&) { places += places.empty() ? "?" : ",?"; });
  sqlite3_stmt* insert = nullptr;
  const std::string sql = "INSERT INTO verdicts VALUES (" + places + ")";
  if (sqlite3_prepare_v2(connection, sql.c_str(), -1, &insert, nullptr) != SQLITE_OK)
    throw std::runtime_error(sqlite3_errmsg(connection));
  insert_.reset(insert);
}

void RawSqlite::execute(const std::string& sql) {
  if (sqlite3_exec(connection_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
    throw std::runtime_error(sqlite3_errmsg(connection_.get()));
}

void RawSqlite::get_ready(std::span<const Verdict> verdicts) {
  times_.clear();
  for (const Verdict& verdict : verdicts) times_.push_back(encode_field(verdict.time));
}

void RawSqlite::write(std::span<const Verdict> verdicts) {
  execute("BEGIN IMMEDIATE");
  for (std::size_t i = 0; i < verdicts.size(); ++i) insert(verdicts[i], times_[i]);
  execute("COMMIT");
}

// The columns count from 1, in the order of verdict_fields.
void RawSqlite::insert(const Verdict& v, const std::string& time) {
  sqlite3_stmt* const statement = insert_.get();
  const auto text = [&](int column, std::string_view value) {
    sqlite3_bind_text(statement, column, value.data(), static_cast<int>(value.size()), SQLITE_STATIC);
  };
  const auto number = [&](int column, std::int64_t value) { sqlite3_bind_int64(statement, column, value); };
  text(1, v.id), text(2, time), text(3, v.receiver), text(4, v.server), text(5, v.client);
  text(6, v.client_network), text(7, v.helo), text(8, v.tls), text(9, word(v.result)), text(10, v.reason);
  text(11, v.detail), text(12, v.domain), text(13, v.organizational_domain), text(14, v.selector);
  text(15, v.algorithm), number(16, v.key_bits), number(17, v.dnssec ? 1 : 0), number(18, v.testing ? 1 : 0);
  sqlite3_bind_null(statement, 19), sqlite3_bind_null(statement, 20);
  if (v.epoch) number(19, v.epoch->time_since_epoch().count());
  if (v.epoch_offset) number(20, v.epoch_offset->count());
  text(21, v.credential), text(22, v.key_record), text(23, v.reputation), text(24, v.reputation_source);
  sqlite3_bind_double(statement, 25, v.score.value_or(0));
  text(26, v.symbols), text(27, v.action), text(28, v.mode), number(29, v.messages), number(30, v.recipients);
  number(31, static_cast<std::int64_t>(v.bytes)), number(32, v.duration.count());
  number(33, v.dns_time.count()), number(34, v.verification_time.count());
  if (sqlite3_step(statement) != SQLITE_DONE) throw std::runtime_error(sqlite3_errmsg(connection_.get()));
  sqlite3_reset(statement);
}

}  // namespace tecs::bench
