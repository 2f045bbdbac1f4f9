#include "verdicts/sqlite_database.hpp"

#include <charconv>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "verdicts/sqlite_schema.hpp"
#include "verdicts/store_schema.hpp"

namespace tecs {
namespace {

// Texts of statements are constants, but for some that are put together from conditions. Beyond so many it
// begins anew.
constexpr std::size_t most_prepared = 200;

class SqliteRow final : public SqlRow {
 public:
  explicit SqliteRow(SqliteStatement& statement) noexcept : statement_(&statement) {}
  [[nodiscard]] bool is_null(int column) const override { return statement_->is_null(column); }
  [[nodiscard]] std::string_view text(int column) const override { return statement_->text(column); }
  [[nodiscard]] std::int64_t integer(int column) const override { return statement_->integer(column); }
  [[nodiscard]] double real(int column) const override { return statement_->real(column); }

 private:
  SqliteStatement* statement_;
};

// A statement that is not reset keeps its lock on the file, so it is whatever becomes of the call.
class ResetAtEnd {
 public:
  explicit ResetAtEnd(SqliteStatement& statement) noexcept : statement_(&statement) {}
  ResetAtEnd(const ResetAtEnd&) = delete;
  ResetAtEnd& operator=(const ResetAtEnd&) = delete;
  ~ResetAtEnd() { statement_->reset(); }

 private:
  SqliteStatement* statement_;
};

// Likewise a transaction; after a commit there is nothing to roll back.
class RollBackAtEnd {
 public:
  explicit RollBackAtEnd(SqliteConnection& connection) noexcept : connection_(&connection) {}
  RollBackAtEnd(const RollBackAtEnd&) = delete;
  RollBackAtEnd& operator=(const RollBackAtEnd&) = delete;
  ~RollBackAtEnd() { connection_->roll_back(); }

 private:
  SqliteConnection* connection_;
};

// "$12" is the value 11.
std::optional<std::size_t> value_of_parameter(std::string_view name) noexcept {
  std::size_t number = 0;
  if (!name.starts_with('$')) return std::nullopt;
  const auto [end, error] = std::from_chars(name.data() + 1, name.data() + name.size(), number);
  if (error != std::errc{} || end != name.data() + name.size() || number == 0) return std::nullopt;
  return number - 1;
}

void bind(SqliteStatement& statement, int parameter, const SqlValue& value) noexcept {
  if (const auto* text = std::get_if<std::string>(&value)) {
    statement.bind(parameter, std::string_view(*text));
  } else if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    statement.bind(parameter, *integer);
  } else if (const auto* real = std::get_if<double>(&value)) {
    statement.bind(parameter, *real);
  } else {
    statement.bind_null(parameter);
  }
}

Expected<void> prepare_for_reading(SqliteConnection& connection, const std::string& file) {
  return read_schema_version(connection, file).and_then([&](std::int64_t version) -> Expected<void> {
    if (version > 0) return {};
    return failure(Reason::io_error, file + ": an empty file, no verdict store");
  });
}

// Looks before it touches anything: the file may be somebody else's.
Expected<std::uint64_t> prepare_for_writing(SqliteDatabase& database, const std::string& file) {
  const auto version = read_schema_version(database.connection(), file);
  if (!version) return tl::unexpected(version.error());
  database.connection().keep_journal_files();
  // Cached are 16 MB: the counts of the hour and the day of some thousands of domains, which each batch
  // changes all over, do not fit into SQLite's 2.
  return database.connection()
      .use_write_ahead_log()
      .and_then([&] {
        return database.execute(
            "PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -16384");
      })
      .and_then([&] {
        return *version == store_schema_version ? Expected<std::uint64_t>(0)
                                                : create_or_migrate(database, file);
      });
}

Expected<void> refuse_former_store(SqliteConnection& connection, const std::string& file) {
  return is_former_store(connection, file).and_then([&](bool former) -> Expected<void> {
    if (!former) return {};
    return failure(Reason::io_error,
                   file +
                       ": made by an older version of TECS, and what a tecs-milter of that version still "
                       "writes would be counted nowhere: start the new tecs-milter with it, or stop the old "
                       "one and run \"tecs verdicts prune --migrate\"");
  });
}

}  // namespace

Expected<std::unique_ptr<SqliteDatabase>> SqliteDatabase::open(const std::string& file, StoreMode mode,
                                                               std::chrono::milliseconds busy_timeout) {
  std::error_code error;
  if (mode == StoreMode::read_only && !std::filesystem::exists(file, error)) {
    return failure(Reason::io_error, file + ": " + (error ? error.message() : "no such file"));
  }
  const auto access =
      mode == StoreMode::read_only ? SqliteConnection::Access::read_only : SqliteConnection::Access::create;
  auto connection = SqliteConnection::open(file, access, busy_timeout);
  if (!connection) return tl::unexpected(connection.error());

  std::unique_ptr<SqliteDatabase> database(new SqliteDatabase(std::move(*connection), mode));
  const auto ready = database->prepare_file(file);
  if (!ready) return tl::unexpected(ready.error());
  const auto version = read_schema_version(database->connection(), file);
  if (!version) return tl::unexpected(version.error());
  database->version_ = *version;
  return database;
}

Expected<void> SqliteDatabase::prepare_file(const std::string& file) {
  if (mode_ == StoreMode::read_only) return prepare_for_reading(connection_, file);
  if (mode_ == StoreMode::read_write_this_version) {
    if (auto current = refuse_former_store(connection_, file); !current) return current;
  }
  return prepare_for_writing(*this, file).map([&](std::uint64_t unreadable) { uncounted_ = unreadable; });
}

Expected<void> SqliteDatabase::execute(const std::string& sql) {
  return connection_.execute(sql);
}

Expected<SqliteDatabase::Prepared*> SqliteDatabase::prepare(const std::string& sql,
                                                            std::span<const SqlValue> values) {
  auto found = prepared_.find(sql);
  if (found == prepared_.end()) {
    auto statement = connection_.prepare(sql);
    if (!statement) return tl::unexpected(statement.error());
    Prepared prepared{std::move(*statement), {}};
    for (int parameter = 0; parameter < prepared.statement.parameter_count(); ++parameter) {
      const auto value = value_of_parameter(prepared.statement.parameter_name(parameter));
      if (!value) return failure(Reason::io_error, "a parameter of a statement is not one of $1, $2, ...");
      prepared.values.push_back(*value);
    }
    if (prepared_.size() >= most_prepared) prepared_.clear();
    found = prepared_.emplace(sql, std::move(prepared)).first;
  }
  Prepared& prepared = found->second;
  for (std::size_t parameter = 0; parameter < prepared.values.size(); ++parameter) {
    if (prepared.values[parameter] >= values.size()) {
      prepared.statement.reset();
      return failure(Reason::io_error, "a statement has more parameters than it was given values");
    }
    bind(prepared.statement, static_cast<int>(parameter), values[prepared.values[parameter]]);
  }
  return &prepared;
}

Expected<std::uint64_t> SqliteDatabase::change(const std::string& sql, std::span<const SqlValue> values) {
  const auto prepared = prepare(sql, values);
  if (!prepared) return tl::unexpected(prepared.error());
  SqliteStatement& statement = (*prepared)->statement;
  const ResetAtEnd reset(statement);
  while (true) {  // a statement with RETURNING has rows
    const auto step = statement.step();
    if (!step) return tl::unexpected(step.error());
    if (*step == SqliteStatement::Step::done) return connection_.changes();
  }
}

Expected<void> SqliteDatabase::query(const std::string& sql, std::span<const SqlValue> values,
                                     const std::function<bool(const SqlRow&)>& visit) {
  const auto prepared = prepare(sql, values);
  if (!prepared) return tl::unexpected(prepared.error());
  SqliteStatement& statement = (*prepared)->statement;
  const ResetAtEnd reset(statement);
  const SqliteRow row(statement);
  while (true) {
    const auto step = statement.step();
    if (!step) return tl::unexpected(step.error());
    if (*step == SqliteStatement::Step::done || !visit(row)) return {};
  }
}

Expected<void> SqliteDatabase::transaction(const std::function<Expected<void>()>& body) {
  // IMMEDIATE: the lock is waited for here, where busy_timeout holds, and not found taken in the middle.
  if (auto begun = connection_.execute(mode_ == StoreMode::read_only ? "BEGIN" : "BEGIN IMMEDIATE"); !begun)
    return begun;
  const RollBackAtEnd roll_back(connection_);
  return body().and_then([&] { return connection_.execute("COMMIT"); });
}

}  // namespace tecs
