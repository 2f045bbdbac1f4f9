#include "verdicts/sqlite_schema.hpp"

#include <tuple>
#include <utility>
#include <vector>

#include "verdicts/client_network.hpp"
#include "verdicts/sqlite_database.hpp"
#include "verdicts/store_schema.hpp"
#include "verdicts/verdict_rollup_write.hpp"
#include "verdicts/verdict_store_select.hpp"

namespace tecs {
namespace {

constexpr std::int64_t page_size = 10'000;  // verdicts in memory at a time

struct Page {
  std::vector<Verdict> verdicts;
  std::vector<std::int64_t> row_numbers;
  std::int64_t last = 0;  // the row with which it ends; that after which it was to begin when there is none
  std::uint64_t unreadable = 0;
};

Expected<Page> read_page(SqlDatabase& database, std::int64_t after) {
  static const std::string statement =
      "SELECT " + verdict_columns() + ", rowid FROM verdicts WHERE rowid > $1 ORDER BY rowid LIMIT $2";
  const auto row_number_column = static_cast<int>(std::tuple_size_v<decltype(verdict_fields)>);
  Page page{.verdicts = {}, .row_numbers = {}, .last = after};
  const auto take = [&](const SqlRow& row) {
    page.last = row.integer(row_number_column);
    if (auto verdict = read_verdict(row)) {
      page.verdicts.push_back(*std::move(verdict));
      page.row_numbers.push_back(page.last);
    } else {
      ++page.unreadable;
    }
    return true;
  };
  return database.query(statement, std::vector<SqlValue>{after, page_size}, take).map([&] {
    return std::move(page);
  });
}

// Versions before this one did not work it out.
Expected<void> add_networks(SqlDatabase& database, const Page& page) {
  for (std::size_t i = 0; i < page.verdicts.size(); ++i) {
    const std::string network = ClientNetwork::site_of(page.verdicts[i].client).format();
    if (network.empty()) continue;
    const std::vector<SqlValue> values{network, page.row_numbers[i]};
    const auto changed = database.change("UPDATE verdicts SET client_network = $1 WHERE rowid = $2", values);
    if (!changed) return tl::unexpected(changed.error());
  }
  return {};
}

Expected<void> count_page(SqlDatabase& database, const Page& page) {
  std::vector<const Verdict*> verdicts;
  verdicts.reserve(page.verdicts.size());
  for (const Verdict& verdict : page.verdicts) verdicts.push_back(&verdict);
  VerdictRollup rollup = roll_up(verdicts);
  add_up(rollup);
  return write_rollup(database, rollup);
}

// All that were there before anything was counted. One that cannot be read must not keep a receiver from
// starting: it is passed over. Returns how many are.
Expected<std::uint64_t> count_verdicts(SqlDatabase& database) {
  std::uint64_t unreadable = 0;
  std::int64_t after = 0;
  while (true) {
    const auto page = read_page(database, after);
    if (!page) return tl::unexpected(page.error());
    if (page->last == after) return unreadable;
    const auto counted = add_networks(database, *page).and_then([&] { return count_page(database, *page); });
    if (!counted) return tl::unexpected(counted.error());
    unreadable += page->unreadable;
    after = page->last;
  }
}

}  // namespace

// Version and contents are read in one statement, so that nobody makes the tables between the two.
Expected<std::int64_t> read_schema_version(SqliteConnection& connection, const std::string& file) {
  auto statement = connection.prepare(
      "SELECT user_version, (SELECT count(*) FROM sqlite_schema) FROM pragma_user_version");
  if (!statement) return tl::unexpected(statement.error());
  if (const auto step = statement->step(); !step) return tl::unexpected(step.error());
  const std::int64_t version = statement->integer(0);
  const std::int64_t objects = statement->integer(1);
  if (version > store_schema_version) {
    return failure(Reason::io_error, file + ": made by a newer version of TECS (its table has version " +
                                         std::to_string(version) + ", this program knows " +
                                         std::to_string(store_schema_version) + ")");
  }
  if (version > 0 || objects == 0) return version;
  return failure(Reason::io_error, file + ": an SQLite file, but not one with verdicts");
}

Expected<std::uint64_t> create_or_migrate(SqliteDatabase& database, const std::string& file) {
  std::uint64_t unreadable = 0;
  return database
      .transaction([&]() -> Expected<void> {
        const auto version = read_schema_version(database.connection(), file);
        if (!version) return tl::unexpected(version.error());
        if (*version == store_schema_version) return {};
        auto made = database.execute(migration_statements(SqlDialect::sqlite, *version));
        if (!made || *version == 0 || *version >= first_version_that_counted) return made;
        return count_verdicts(database).map([&](std::uint64_t count) { unreadable = count; });
      })
      .map([&] { return unreadable; });
}

Expected<bool> is_former_store(SqliteConnection& connection, const std::string& file) {
  const auto version = read_schema_version(connection, file);
  if (!version) return tl::unexpected(version.error());
  if (*version == 0 || *version == store_schema_version) return false;
  auto statement = connection.prepare("SELECT EXISTS (SELECT 1 FROM verdicts)");
  if (!statement) return tl::unexpected(statement.error());
  if (const auto step = statement->step(); !step) return tl::unexpected(step.error());
  return statement->integer(0) != 0;
}

}  // namespace tecs
