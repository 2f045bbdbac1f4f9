#include "verdicts/postgres_database.hpp"

#include <vector>

#include "verdicts/postgres_schema.hpp"

namespace tecs {
namespace {

// On a connection of its own: whoever writes has a limit for each statement, and these may need hours.
Expected<void> bring_up_to_date(const StoreName& name, PostgresOptions options) {
  options.statement_timeout = postgres_without_limits.statement_timeout;
  options.longest_silence = postgres_without_limits.longest_silence;
  return PostgresDatabase::connect(name, options).and_then([&](const auto& database) {
    return create_or_migrate_postgres_schema(*database, name.text());
  });
}

// Texts of statements are constants, but for some that are put together from conditions. Beyond so many it
// begins anew.
constexpr std::size_t most_prepared = 200;

class PostgresRow final : public SqlRow {
 public:
  explicit PostgresRow(const PostgresResult& result) noexcept : result_(&result) {}
  [[nodiscard]] bool is_null(int column) const override { return result_->is_null(column); }
  [[nodiscard]] std::string_view text(int column) const override { return result_->text(column); }
  [[nodiscard]] std::int64_t integer(int column) const override {
    return is_null(column) ? 0 : decode_integer(text(column));
  }
  [[nodiscard]] double real(int column) const override {
    return is_null(column) ? 0 : decode_real(text(column));
  }

 private:
  const PostgresResult* result_;
};

}  // namespace

Expected<std::unique_ptr<PostgresDatabase>> PostgresDatabase::connect(const StoreName& name,
                                                                      const PostgresOptions& options) {
  std::unique_ptr<PostgresDatabase> database(new PostgresDatabase(name, options));
  if (const auto connected = database->ready(); !connected) return tl::unexpected(connected.error());
  return database;
}

Expected<std::unique_ptr<PostgresDatabase>> PostgresDatabase::open(const StoreName& name, StoreMode mode,
                                                                   PostgresOptions options) {
  options.read_only = mode == StoreMode::read_only;
  auto database = connect(name, options);
  if (!database) return database;
  if (options.read_only) {
    return check_postgres_schema(**database, name.text()).map([&] { return std::move(*database); });
  }
  return is_former_postgres_store(**database, name.text())
      .and_then([&](bool former) {
        return former ? bring_up_to_date(name, options)
                      : create_or_migrate_postgres_schema(**database, name.text());
      })
      .map([&] { return std::move(*database); });
}

Expected<void> PostgresDatabase::ready() {
  if (connection_ && !connection_->lost()) return {};
  if (in_transaction_) {
    return failure(Reason::io_error, name() + ": the connection was lost in the middle of a transaction");
  }
  connection_.reset();
  prepared_.clear();
  auto connection = PostgresConnection::open(name_, options_);
  if (!connection) return tl::unexpected(connection.error());
  connection_ = std::move(*connection);
  ++connections_;
  return {};
}

Expected<void> PostgresDatabase::execute(const std::string& sql) {
  return ready().and_then([&] { return connection_->execute(sql); });
}

Expected<void> PostgresDatabase::copy(const std::string& sql, const std::function<std::string()>& next_rows) {
  return ready().and_then([&] { return connection_->copy(sql, next_rows); });
}

// The types belong to it: what is a number today may be a null or a fraction tomorrow.
Expected<const std::string*> PostgresDatabase::prepare(const std::string& sql,
                                                       std::span<const PostgresParameter> parameters) {
  std::string key = sql;
  for (const PostgresParameter& parameter : parameters) key += '\0' + std::to_string(parameter.type);
  if (const auto found = prepared_.find(key); found != prepared_.end()) return &found->second;
  if (prepared_.size() >= most_prepared) {
    if (const auto gone = connection_->execute("DEALLOCATE ALL"); !gone) return tl::unexpected(gone.error());
    prepared_.clear();
  }
  std::string statement = "tecs_" + std::to_string(prepared_.size());
  if (const auto done = connection_->prepare(statement, sql, parameters); !done)
    return tl::unexpected(done.error());
  return &prepared_.emplace(std::move(key), std::move(statement)).first->second;
}

Expected<std::uint64_t> PostgresDatabase::run(const std::string& sql, std::span<const SqlValue> values,
                                              const PostgresConnection::Visit& visit) {
  std::vector<PostgresParameter> parameters;
  parameters.reserve(values.size());
  for (const SqlValue& value : values) parameters.push_back(encode_parameter(value));
  return ready()
      .and_then([&] { return prepare(sql, parameters); })
      .and_then(
          [&](const std::string* statement) { return connection_->run(*statement, parameters, visit); });
}

Expected<std::uint64_t> PostgresDatabase::change(const std::string& sql, std::span<const SqlValue> values) {
  return run(sql, values, {});
}

Expected<void> PostgresDatabase::query(const std::string& sql, std::span<const SqlValue> values,
                                       const std::function<bool(const SqlRow&)>& visit) {
  return run(sql, values, [&](const PostgresResult& result) { return visit(PostgresRow(result)); })
      .map([](std::uint64_t) {});
}

Expected<void> PostgresDatabase::transaction(const std::function<Expected<void>()>& body) {
  if (in_transaction_) return failure(Reason::io_error, name() + ": transactions do not nest");
  const std::string isolation = options_.read_only ? "REPEATABLE READ" : "READ COMMITTED";
  if (auto begun = execute("BEGIN ISOLATION LEVEL " + isolation); !begun) return begun;
  in_transaction_ = true;
  const auto end = [](PostgresDatabase* database) { database->end_transaction(); };
  const std::unique_ptr<PostgresDatabase, decltype(end)> end_at_last(this, end);
  return body().and_then([&] { return commit(); });
}

// The server answers COMMIT after a failed statement as if all were well, and rolls back.
Expected<void> PostgresDatabase::commit() {
  if (auto connected = ready(); !connected) return connected;
  if (connection_->in_failed_transaction())
    return failure(Reason::io_error, name() + ": nothing was stored, since a statement before had failed");
  return connection_->execute("COMMIT");
}

// Whatever became of it. A connection that cannot even roll back is of no more use.
void PostgresDatabase::end_transaction() noexcept {
  in_transaction_ = false;
  if (connection_->lost()) return;
  if (connection_->in_transaction() && !connection_->execute("ROLLBACK")) connection_.reset();
}

}  // namespace tecs
