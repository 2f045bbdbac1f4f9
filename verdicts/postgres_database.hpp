// PostgreSQL as a database for verdicts: any server that speaks its protocol and its SQL.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "verdicts/postgres_connection.hpp"
#include "verdicts/sql_database.hpp"
#include "verdicts/store_name.hpp"
#include "verdicts/verdict_database.hpp"

namespace tecs {

// A lost connection is made anew by the next call, and before a statement is sent when it was noticed by
// then. A statement under way when it is lost may or may not have been done. Settings and temporary tables of
// a connection end with it.
class PostgresDatabase final : public SqlDatabase {
 public:
  // name is one of PostgreSQL. Looks at no tables. Fails with io_error, or with bad_option for a URI that
  // libpq cannot read.
  [[nodiscard]] static Expected<std::unique_ptr<PostgresDatabase>> connect(const StoreName& name,
                                                                           const PostgresOptions& options);
  // A verdict store: makes its tables when it may. Fails as open_verdict_database() does.
  [[nodiscard]] static Expected<std::unique_ptr<PostgresDatabase>> open(const StoreName& name, StoreMode mode,
                                                                        PostgresOptions options = {});

  // How often it has connected: what was known of the store before the last time may be of another one.
  [[nodiscard]] std::uint64_t connections() const noexcept { return connections_; }

  // For sentences: without a password.
  [[nodiscard]] const std::string& name() const noexcept { return name_.text(); }

  [[nodiscard]] SqlDialect dialect() const noexcept override { return SqlDialect::postgresql; }
  [[nodiscard]] Expected<void> execute(const std::string& sql) override;
  [[nodiscard]] Expected<std::uint64_t> change(const std::string& sql,
                                               std::span<const SqlValue> values = {}) override;
  [[nodiscard]] Expected<void> query(const std::string& sql, std::span<const SqlValue> values,
                                     const std::function<bool(const SqlRow&)>& visit) override;
  // Read only, it sees one state of the store throughout. A body that goes on after a statement failed fails.
  [[nodiscard]] Expected<void> transaction(const std::function<Expected<void>()>& body) override;

  // sql: statements of which the last is COPY ... FROM STDIN. next_rows: in its text format, each with a
  // newline; one piece after the other, until there is an empty one.
  [[nodiscard]] Expected<void> copy(const std::string& sql, const std::function<std::string()>& next_rows);

 private:
  PostgresDatabase(StoreName name, const PostgresOptions& options)
      : name_(std::move(name)), options_(options) {}
  [[nodiscard]] Expected<void> ready();
  [[nodiscard]] Expected<std::uint64_t> run(const std::string& sql, std::span<const SqlValue> values,
                                            const PostgresConnection::Visit& visit);
  [[nodiscard]] Expected<const std::string*> prepare(const std::string& sql,
                                                     std::span<const PostgresParameter> parameters);
  [[nodiscard]] Expected<void> commit();
  void end_transaction() noexcept;

  StoreName name_;
  PostgresOptions options_;
  std::optional<PostgresConnection> connection_;
  std::unordered_map<std::string, std::string> prepared_;  // by text and types of parameters: the name
  std::uint64_t connections_ = 0;
  bool in_transaction_ = false;
};

}  // namespace tecs
