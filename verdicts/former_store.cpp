#include "verdicts/former_store.hpp"

#include <chrono>
#include <cstdint>
#include <utility>

#include "verdicts/sqlite_database.hpp"
#include "verdicts/store_schema.hpp"

namespace tecs {
namespace {

constexpr std::chrono::seconds busy_timeout{5};

Expected<std::int64_t> count_verdicts(const std::string& file) {
  return SqliteDatabase::open(file, StoreMode::read_only, busy_timeout)
      .and_then([](const std::unique_ptr<SqliteDatabase>& database) {
        std::int64_t count = 0;
        return database
            ->query("SELECT count(*) FROM verdicts", {},
                    [&](const SqlRow& row) {
                      count = row.integer(0);
                      return true;
                    })
            .map([&] { return count; });
      });
}

}  // namespace

Expected<std::shared_ptr<FormerStore>> FormerStore::find(const std::string& file, const Clock& clock,
                                                         std::shared_ptr<spdlog::logger> log) {
  const auto database = SqliteDatabase::open(file, StoreMode::read_only, busy_timeout);
  if (!database || (*database)->version() >= store_schema_version) return nullptr;
  auto connection = SqliteConnection::open(file, SqliteConnection::Access::create, busy_timeout);
  if (!connection) return tl::unexpected(connection.error());
  connection->keep_journal_files();
  if (const auto writable = connection->execute("BEGIN IMMEDIATE; ROLLBACK"); !writable)
    return tl::unexpected(writable.error());
  return std::shared_ptr<FormerStore>(
      new FormerStore(file, (*database)->version() >= first_version_that_counted, clock, std::move(log)));
}

Expected<void> FormerStore::bring_up_to_date() {
  const std::scoped_lock lock(mutex_);
  if (done_) return {};
  const auto count = count_verdicts(file_);
  if (!count) return tl::unexpected(count.error());
  log_->info(
      "{} was made by an older version of TECS: {} {} verdicts are {}; new ones are written after that, and "
      "no mail waits for it",
      file_, has_counts_ ? "the counts of its" : "its", *count,
      has_counts_ ? "added up by month, some seconds for ten million"
                  : "counted through, some 10 seconds for each million");
  const auto begin = clock_.steady();
  const auto opened = SqliteDatabase::open(file_, StoreMode::read_write, busy_timeout);
  if (!opened) return tl::unexpected(opened.error());
  done_ = true;
  if (const std::uint64_t uncounted = (*opened)->uncounted(); uncounted != 0)
    log_->warn("{}: {} verdicts cannot be read, stay as they are, and are in no count", file_, uncounted);
  log_->info("{} was brought up to date in {} seconds", file_,
             std::chrono::duration_cast<std::chrono::seconds>(clock_.steady() - begin).count());
  return {};
}

}  // namespace tecs
