#include "verdicts/sqlite_verdict_store.hpp"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <set>
#include <system_error>
#include <type_traits>
#include <utility>

#include "verdicts/sqlite_schema.hpp"
#include "verdicts/verdict_fields.hpp"

namespace tecs {
namespace {

template <typename Format>
std::string join_fields(std::string_view separator, Format&& format) {
  std::string text;
  for_each_field([&](const auto& field) {
    if (!text.empty()) text += separator;
    text += format(field);
  });
  return text;
}

std::string insert_statement() {
  return "INSERT INTO verdicts (" +
         join_fields(", ", [](const auto& field) { return std::string(field.name); }) + ") VALUES (" +
         join_fields(", ", [](const auto&) { return std::string("?"); }) + ") ON CONFLICT (id) DO NOTHING";
}

void bind_fields(SqliteStatement& statement, const Verdict& verdict) {
  int parameter = 0;
  for_each_field([&](const auto& field) {
    using Field = std::decay_t<decltype(field)>;
    const auto& value = encode_field(verdict.*(field.member));
    if constexpr (Field::can_be_absent) {
      if (value) {
        statement.bind(parameter, *value);
      } else {
        statement.bind_null(parameter);
      }
    } else if constexpr (std::is_same_v<std::decay_t<decltype(verdict.*(field.member))>, Verdict::Time>) {
      statement.bind_copy(parameter, value);  // made for this call, unlike the other texts
    } else if constexpr (Field::type() == FieldType::text) {
      statement.bind(parameter, value);
    } else {
      statement.bind(parameter, static_cast<std::int64_t>(value));
    }
    ++parameter;
  });
}

Expected<Verdict> read_row(SqliteStatement& statement) {
  Verdict verdict;
  std::string_view wrong;
  int column = 0;
  for_each_field([&](const auto& field) {
    using Field = std::decay_t<decltype(field)>;
    auto& member = verdict.*(field.member);
    bool good = true;
    if constexpr (Field::type() == FieldType::text) {
      good = decode_field(statement.text(column), member);
    } else if constexpr (Field::type() == FieldType::boolean) {
      member = statement.integer(column) != 0;
    } else if constexpr (Field::type() == FieldType::real) {
      good = statement.is_null(column) || decode_field(statement.real(column), member);
    } else {
      good = (Field::can_be_absent && statement.is_null(column)) ||
             decode_field(statement.integer(column), member);
    }
    if (!good && wrong.empty()) wrong = field.name;
    ++column;
  });
  if (wrong.empty()) return verdict;
  return failure(Reason::io_error,
                 "a verdict in the store has a " + std::string(wrong) + " that cannot be read");
}

Expected<std::set<std::string, std::less<>>> verdict_columns(SqliteConnection& connection) {
  auto statement = connection.prepare("SELECT name FROM pragma_table_info('verdicts')");
  if (!statement) return tl::unexpected(statement.error());
  std::set<std::string, std::less<>> columns;
  while (true) {
    const auto step = statement->step();
    if (!step) return tl::unexpected(step.error());
    if (*step == SqliteStatement::Step::done) return columns;
    columns.emplace(statement->text(0));
  }
}

// A store that an older version made, and that is only read, lacks columns: "not known" stands for them. id,
// time, domain and result, by which is selected, are in all.
Expected<std::string> select_list(SqliteConnection& connection) {
  return verdict_columns(connection).map([](const auto& columns) {
    return join_fields(", ", [&](const auto& field) {
      if (columns.contains(field.name)) return std::string(field.name);
      return std::string(field.can_be_absent ? "NULL" : field.type() == FieldType::text ? "''" : "0");
    });
  });
}

// The time is always asked for, if only for any: without it SQLite reads and sorts the whole table for the
// newest few of a result. "domain <> ''" is what lets it use the index that leaves out connections without a
// domain.
std::string select_statement(const std::string& list, const VerdictQuery& query) {
  std::string statement = "SELECT " + list + " FROM verdicts WHERE time >= ?";
  if (query.id) statement += " AND id = ?";
  if (query.domain)
    statement += query.domain->empty() ? " AND domain = ?" : " AND domain <> '' AND domain = ?";
  if (query.result) statement += " AND result = ?";
  statement += " ORDER BY time DESC, id DESC";
  if (query.limit) statement += " LIMIT ?";
  return statement;
}

void bind_query(SqliteStatement& statement, const VerdictQuery& query) {
  int parameter = 0;
  statement.bind_copy(parameter++, query.since ? encode_field(*query.since) : "");
  if (query.id) statement.bind_copy(parameter++, *query.id);
  if (query.domain) {
    std::string domain = *query.domain;
    std::transform(domain.begin(), domain.end(), domain.begin(), [](char letter) {
      return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter;
    });
    statement.bind_copy(parameter++, domain);
  }
  if (query.result) statement.bind_copy(parameter++, encode_field(*query.result));
  if (query.limit) {
    constexpr std::size_t largest = INT64_MAX;
    statement.bind(parameter, static_cast<std::int64_t>(std::min(*query.limit, largest)));
  }
}

Expected<void> prepare_for_reading(SqliteConnection& connection, const std::string& file) {
  return read_schema_version(connection, file).and_then([&](std::int64_t version) -> Expected<void> {
    if (version > 0) return {};
    return failure(Reason::io_error, file + ": an empty file, no verdict store");
  });
}

// Looks before it touches anything: the file may be somebody else's.
Expected<void> prepare_for_writing(SqliteConnection& connection, const std::string& file) {
  const auto version = read_schema_version(connection, file);
  if (!version) return tl::unexpected(version.error());
  connection.keep_journal_files();
  return connection
      .execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864")
      .and_then([&] {
        return *version == sqlite_schema_version ? Expected<void>{} : create_or_migrate(connection, file);
      });
}

}  // namespace

Expected<std::unique_ptr<VerdictStore>> SqliteVerdictStore::open(const std::string& file, StoreMode mode,
                                                                 const SqliteStoreOptions& options) {
  using Store = std::unique_ptr<VerdictStore>;
  std::error_code error;
  if (mode == StoreMode::read_only && !std::filesystem::exists(file, error)) {
    return failure(Reason::io_error, file + ": " + (error ? error.message() : "no such file"));
  }
  const auto access =
      mode == StoreMode::read_only ? SqliteConnection::Access::read_only : SqliteConnection::Access::create;
  auto connection = SqliteConnection::open(file, access, options.busy_timeout);
  if (!connection) return tl::unexpected(connection.error());

  const auto ready = mode == StoreMode::read_only ? prepare_for_reading(*connection, file)
                                                  : prepare_for_writing(*connection, file);
  if (!ready) return tl::unexpected(ready.error());
  if (mode == StoreMode::read_only)
    return Store(new SqliteVerdictStore(std::move(*connection), std::nullopt));

  auto insert = connection->prepare(insert_statement());
  if (!insert) return tl::unexpected(insert.error());
  return Store(new SqliteVerdictStore(std::move(*connection), std::move(*insert)));
}

Expected<void> SqliteVerdictStore::write(std::span<const Verdict> verdicts) {
  if (!insert_) return failure(Reason::io_error, "this verdict store was opened for reading");
  // IMMEDIATE: the lock is waited for here, where busy_timeout holds, and not found taken in the middle.
  auto written =
      connection_.execute("BEGIN IMMEDIATE").and_then([&] { return insert(verdicts); }).and_then([&] {
        return connection_.execute("COMMIT");
      });
  if (!written) connection_.roll_back();
  return written;
}

Expected<void> SqliteVerdictStore::insert(std::span<const Verdict> verdicts) {
  for (const Verdict& verdict : verdicts) {
    bind_fields(*insert_, verdict);
    const auto step = insert_->step();
    insert_->reset();
    if (!step) return tl::unexpected(step.error());
  }
  return {};
}

Expected<void> SqliteVerdictStore::select(const VerdictQuery& query,
                                          const std::function<bool(const Verdict&)>& visit) {
  auto statement = select_list(connection_).and_then([&](const std::string& list) {
    return connection_.prepare(select_statement(list, query));
  });
  if (!statement) return tl::unexpected(statement.error());
  bind_query(*statement, query);
  while (true) {
    const auto step = statement->step();
    if (!step) return tl::unexpected(step.error());
    if (*step == SqliteStatement::Step::done) return {};
    const auto verdict = read_row(*statement);
    if (!verdict) return tl::unexpected(verdict.error());
    if (!visit(*verdict)) return {};
  }
}

}  // namespace tecs
