// libpq's connection with an owner, its errors as values, and an end to every wait.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "tecs/error.hpp"
#include "verdicts/postgres_parameter.hpp"
#include "verdicts/store_name.hpp"

struct pg_conn;
struct pg_result;

namespace tecs {

struct PostgresOptions {
  // For each address of the server, whole seconds, 2 at least; looking up its name comes on top. The URI's
  // own connect_timeout wins.
  std::chrono::seconds connect_timeout{5};
  // The server ends a statement that takes longer; 0: never.
  std::chrono::milliseconds statement_timeout{0};
  // How long the server may say nothing while it owes an answer. Then the connection is given up.
  std::chrono::milliseconds longest_silence{std::chrono::minutes{10}};
  bool read_only = false;  // the server refuses statements that would change something
};

// For whoever writes while others wait: a server that hangs is found out within half a minute.
inline constexpr PostgresOptions postgres_writing{.statement_timeout = std::chrono::seconds{20},
                                                  .longest_silence = std::chrono::seconds{25}};

// For what takes as long as it takes, such as counting all that is there. That the server's host is gone is
// found out all the same.
inline constexpr PostgresOptions postgres_without_limits{.longest_silence = std::chrono::hours{24 * 14}};

// An answer of the server, or a part of one.
class PostgresResult {
 public:
  explicit PostgresResult(pg_result* result) noexcept : result_(result) {}

  explicit operator bool() const noexcept { return result_ != nullptr; }
  [[nodiscard]] pg_result* get() const noexcept { return result_.get(); }

  // For row 0 alone. Columns count from 0.
  [[nodiscard]] bool is_null(int column) const noexcept;
  [[nodiscard]] std::string_view text(int column) const noexcept;  // as long as this lives

 private:
  struct Clear {
    void operator()(pg_result* result) const noexcept;
  };
  std::unique_ptr<pg_result, Clear> result_;
};

// One thread at a time. Sentences of errors begin with the store's name and never hold a password. A call
// that fails may have lost the connection: see lost().
class PostgresConnection {
 public:
  // False: no more rows are wanted.
  using Visit = std::function<bool(const PostgresResult& row)>;

  // Fails with io_error; with bad_option when libpq cannot read the URI.
  [[nodiscard]] static Expected<PostgresConnection> open(const StoreName& name,
                                                         const PostgresOptions& options);

  // True: it cannot be used any more, and what was prepared and not committed is gone. Notices what happened
  // while nobody waited for the server, such as its end.
  [[nodiscard]] bool lost() noexcept;
  // Between BEGIN and COMMIT.
  [[nodiscard]] bool in_transaction() const noexcept;
  // Likewise, and a statement failed: only ROLLBACK is left.
  [[nodiscard]] bool in_failed_transaction() const noexcept;

  // Any number of statements; their rows do not matter.
  [[nodiscard]] Expected<void> execute(const std::string& sql);

  // Under a name, which must be free. The parameters' values do not matter, their types do.
  [[nodiscard]] Expected<void> prepare(const std::string& statement, const std::string& sql,
                                       std::span<const PostgresParameter> parameters);
  // Returns how many rows were changed or seen. Without visit rows do not matter. When visit has had enough
  // and very many rows would still come, the connection is given up for it, but not inside a transaction.
  [[nodiscard]] Expected<std::uint64_t> run(const std::string& statement,
                                            std::span<const PostgresParameter> parameters,
                                            const Visit& visit = {});

  // sql: statements of which the last is COPY ... FROM STDIN. next_rows: in its text format, each with a
  // newline; one piece after the other, until there is an empty one.
  [[nodiscard]] Expected<void> copy(const std::string& sql, const std::function<std::string()>& next_rows);

 private:
  struct Finish {
    void operator()(pg_conn* connection) const noexcept;
  };
  PostgresConnection(std::unique_ptr<pg_conn, Finish> connection, std::string name,
                     const PostgresOptions& options) noexcept
      : connection_(std::move(connection)),
        name_(std::move(name)),
        longest_silence_(options.longest_silence) {}

  [[nodiscard]] Expected<void> set_up(const PostgresOptions& options);
  [[nodiscard]] Expected<void> flush();
  [[nodiscard]] Expected<void> wait(bool also_to_write);
  [[nodiscard]] Expected<PostgresResult> next_result();
  [[nodiscard]] Expected<std::uint64_t> collect(const Visit& visit);
  [[nodiscard]] Expected<void> wait_for_copy();
  [[nodiscard]] Expected<void> copy_refused();
  [[nodiscard]] tl::unexpected<Error> refused(const PostgresResult& result) const;
  [[nodiscard]] tl::unexpected<Error> failed() const;
  [[nodiscard]] tl::unexpected<Error> give_up(const std::string& why);

  std::unique_ptr<pg_conn, Finish> connection_;  // null: given up
  std::string name_;
  std::chrono::milliseconds longest_silence_;
  bool may_be_left_ = false;  // before the end of the answer that is under way: no transaction depends on it
};

}  // namespace tecs
