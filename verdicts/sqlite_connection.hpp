// SQLite's connection and prepared statement with an owner, and its errors as values.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "tecs/error.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace tecs {

// Belongs to the connection that made it and must go before it does. One thread at a time.
class SqliteStatement {
 public:
  enum class Step : std::uint8_t { row, done };

  // Parameters and columns count from 0. A text that is bound must stay as it is until reset().
  void bind(int parameter, std::string_view text) noexcept;
  void bind(int parameter, std::int64_t number) noexcept;
  void bind(int parameter, double number) noexcept;  // NaN becomes null
  void bind_null(int parameter) noexcept;
  // The statement keeps a copy.
  void bind_copy(int parameter, std::string_view text) noexcept;
  [[nodiscard]] int parameter_count() const noexcept;
  [[nodiscard]] std::string_view parameter_name(int parameter) const noexcept;  // "$1"; empty for "?"

  // Fails with io_error; also when an earlier bind did.
  [[nodiscard]] Expected<Step> step();
  // Ready for new parameters; what step() said of an error has been said.
  void reset() noexcept;

  [[nodiscard]] std::string_view text(int column) noexcept;  // until the next step() or reset()
  [[nodiscard]] std::int64_t integer(int column) noexcept;
  [[nodiscard]] double real(int column) noexcept;
  [[nodiscard]] bool is_null(int column) noexcept;

 private:
  friend class SqliteConnection;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const noexcept;
  };
  explicit SqliteStatement(sqlite3_stmt* statement) noexcept : statement_(statement) {}

  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int bind_status_ = 0;
};

// One thread at a time.
class SqliteConnection {
 public:
  enum class Access : std::uint8_t { read_only, create };

  // Waits up to busy_timeout for locks that others hold, then and later. Fails with io_error.
  [[nodiscard]] static Expected<SqliteConnection> open(const std::string& file, Access access,
                                                       std::chrono::milliseconds busy_timeout);

  // For statements without rows that matter.
  [[nodiscard]] Expected<void> execute(const std::string& sql);
  [[nodiscard]] Expected<SqliteStatement> prepare(const std::string& sql);

  // How many rows the statement changed that was last done.
  [[nodiscard]] std::uint64_t changes() const noexcept;

  // Leaves no transaction open, whatever became of it.
  void roll_back() noexcept;

  // Readers and the writer then do not wait for each other. SQLite does not wait for locks when it changes
  // the journal, so this does: up to the busy_timeout. Fails with io_error.
  [[nodiscard]] Expected<void> use_write_ahead_log();

  // "-wal" and "-shm" stay when the last connection closes, so that readers who may not write there can still
  // open it.
  void keep_journal_files() noexcept;

 private:
  struct Close {
    void operator()(sqlite3* connection) const noexcept;
  };
  SqliteConnection(std::unique_ptr<sqlite3, Close> connection, std::string file,
                   std::chrono::milliseconds busy_timeout) noexcept
      : connection_(std::move(connection)), file_(std::move(file)), busy_timeout_(busy_timeout) {}
  [[nodiscard]] tl::unexpected<Error> failed() const;

  std::unique_ptr<sqlite3, Close> connection_;
  std::string file_;
  std::chrono::milliseconds busy_timeout_;
};

}  // namespace tecs
