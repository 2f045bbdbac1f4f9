#include "verdicts/sqlite_connection.hpp"

#include <sqlite3.h>

#include <utility>

namespace tecs {
namespace {

tl::unexpected<Error> sqlite_failure(const std::string& file, sqlite3* connection) {
  return failure(Reason::io_error, file + ": " + sqlite3_errmsg(connection));
}

}  // namespace

void SqliteStatement::Finalize::operator()(sqlite3_stmt* statement) const noexcept {
  sqlite3_finalize(statement);
}

void SqliteStatement::bind(int parameter, std::string_view text) noexcept {
  bind_status_ |=
      sqlite3_bind_text64(statement_.get(), parameter + 1, text.data() == nullptr ? "" : text.data(),
                          text.size(), SQLITE_STATIC, SQLITE_UTF8);
}

void SqliteStatement::bind_copy(int parameter, std::string_view text) noexcept {
  bind_status_ |=
      sqlite3_bind_text64(statement_.get(), parameter + 1, text.data() == nullptr ? "" : text.data(),
                          text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

void SqliteStatement::bind(int parameter, std::int64_t number) noexcept {
  bind_status_ |= sqlite3_bind_int64(statement_.get(), parameter + 1, number);
}

void SqliteStatement::bind(int parameter, double number) noexcept {
  bind_status_ |= sqlite3_bind_double(statement_.get(), parameter + 1, number);
}

void SqliteStatement::bind_null(int parameter) noexcept {
  bind_status_ |= sqlite3_bind_null(statement_.get(), parameter + 1);
}

int SqliteStatement::parameter_count() const noexcept {
  return sqlite3_bind_parameter_count(statement_.get());
}

std::string_view SqliteStatement::parameter_name(int parameter) const noexcept {
  const char* name = sqlite3_bind_parameter_name(statement_.get(), parameter + 1);
  return name == nullptr ? std::string_view{} : std::string_view{name};
}

Expected<SqliteStatement::Step> SqliteStatement::step() {
  sqlite3* connection = sqlite3_db_handle(statement_.get());
  if (bind_status_ == SQLITE_OK) {
    const int status = sqlite3_step(statement_.get());
    if (status == SQLITE_ROW) return Step::row;
    if (status == SQLITE_DONE) return Step::done;
  }
  const char* file = sqlite3_db_filename(connection, "main");
  return sqlite_failure(file == nullptr ? "" : file, connection);
}

void SqliteStatement::reset() noexcept {
  sqlite3_reset(statement_.get());
  sqlite3_clear_bindings(statement_.get());
  bind_status_ = SQLITE_OK;
}

std::string_view SqliteStatement::text(int column) noexcept {
  const void* octets = sqlite3_column_blob(statement_.get(), column);
  const int count = sqlite3_column_bytes(statement_.get(), column);
  return octets == nullptr
             ? std::string_view{}
             : std::string_view{static_cast<const char*>(octets), static_cast<std::size_t>(count)};
}

std::int64_t SqliteStatement::integer(int column) noexcept {
  return sqlite3_column_int64(statement_.get(), column);
}

double SqliteStatement::real(int column) noexcept {
  return sqlite3_column_double(statement_.get(), column);
}

bool SqliteStatement::is_null(int column) noexcept {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

void SqliteConnection::Close::operator()(sqlite3* connection) const noexcept {
  sqlite3_close_v2(connection);
}

Expected<SqliteConnection> SqliteConnection::open(const std::string& file, Access access,
                                                  std::chrono::milliseconds busy_timeout) {
  const int flags =
      access == Access::create ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
  sqlite3* opened = nullptr;
  const int status = sqlite3_open_v2(file.c_str(), &opened, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  std::unique_ptr<sqlite3, Close> connection(opened);
  if (!connection) return failure(Reason::io_error, file + ": out of memory");
  if (status != SQLITE_OK) return sqlite_failure(file, connection.get());
  sqlite3_busy_timeout(connection.get(), static_cast<int>(busy_timeout.count()));
  return SqliteConnection(std::move(connection), file, busy_timeout);
}

Expected<void> SqliteConnection::execute(const std::string& sql) {
  if (sqlite3_exec(connection_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) return failed();
  return {};
}

Expected<SqliteStatement> SqliteConnection::prepare(const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(connection_.get(), sql.c_str(), -1, &statement, nullptr) != SQLITE_OK)
    return failed();
  return SqliteStatement(statement);
}

std::uint64_t SqliteConnection::changes() const noexcept {
  return static_cast<std::uint64_t>(sqlite3_changes64(connection_.get()));
}

void SqliteConnection::roll_back() noexcept {
  // Some errors (a full disk, for one) have rolled the transaction back already.
  if (sqlite3_get_autocommit(connection_.get()) == 0) {
    sqlite3_exec(connection_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
}

Expected<void> SqliteConnection::use_write_ahead_log() {
  constexpr int milliseconds_between_tries = 5;
  const auto end = std::chrono::steady_clock::now() + busy_timeout_;
  while (true) {
    const int status =
        sqlite3_exec(connection_.get(), "PRAGMA journal_mode = WAL", nullptr, nullptr, nullptr);
    if (status == SQLITE_OK) return {};
    if (status != SQLITE_BUSY || std::chrono::steady_clock::now() >= end) return failed();
    sqlite3_sleep(milliseconds_between_tries);
  }
}

void SqliteConnection::keep_journal_files() noexcept {
  int keep = 1;
  sqlite3_file_control(connection_.get(), "main", SQLITE_FCNTL_PERSIST_WAL, &keep);
}

tl::unexpected<Error> SqliteConnection::failed() const {
  return sqlite_failure(file_, connection_.get());
}

}  // namespace tecs
