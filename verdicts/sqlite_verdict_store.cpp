#include "verdicts/sqlite_verdict_store.hpp"

#include <utility>

#include "verdicts/pruned_times.hpp"
#include "verdicts/sqlite_verdict_row.hpp"
#include "verdicts/verdict_store_select.hpp"

namespace tecs {
namespace {

Expected<void> run(SqliteStatement& statement) {
  const auto step = statement.step();
  statement.reset();
  return step.map([](SqliteStatement::Step) {});
}

}  // namespace

Expected<std::unique_ptr<VerdictStore>> SqliteVerdictStore::open(const std::string& file, StoreMode mode,
                                                                 const SqliteStoreOptions& options) {
  using Store = std::unique_ptr<VerdictStore>;
  auto database = SqliteDatabase::open(file, mode, options.busy_timeout);
  if (!database) return tl::unexpected(database.error());
  if (mode == StoreMode::read_only) return Store(new SqliteVerdictStore(std::move(*database), std::nullopt));

  SqliteConnection& connection = (*database)->connection();
  auto insert = connection.prepare(insert_verdict_statement());
  if (!insert) return tl::unexpected(insert.error());
  Writing writing{std::move(*insert), std::nullopt};
  if (options.forward) {
    auto enqueue = connection.prepare("INSERT INTO forward_queue (id) VALUES (?)");
    if (!enqueue) return tl::unexpected(enqueue.error());
    writing.enqueue = std::move(*enqueue);
  }
  return Store(new SqliteVerdictStore(std::move(*database), std::move(writing)));
}

Expected<void> SqliteVerdictStore::write(std::span<const Verdict> verdicts) {
  if (!writing_) return failure(Reason::io_error, "this verdict store was opened for reading");
  if (verdicts.empty()) return {};
  return counting_.make_room(*database_)
      .and_then([&] { return database_->transaction([&] { return insert_and_count(verdicts); }); })
      .map([&] { counting_.committed(); });
}

// False: it is there already.
Expected<bool> SqliteVerdictStore::insert(const Verdict& verdict) {
  bind_verdict(writing_->insert, verdict);
  if (const auto inserted = run(writing_->insert); !inserted) return tl::unexpected(inserted.error());
  if (database_->connection().changes() == 0) return false;
  if (!writing_->enqueue) return true;
  writing_->enqueue->bind(0, verdict.id);
  return run(*writing_->enqueue).map([] { return true; });
}

Expected<void> SqliteVerdictStore::insert_and_count(std::span<const Verdict> verdicts) {
  fresh_.clear();
  const auto pruned = read_pruned_times(*database_);
  if (!pruned) return tl::unexpected(pruned.error());
  for (const Verdict& verdict : verdicts) {
    if (pruned->verdicts && verdict.time < *pruned->verdicts) continue;
    const auto inserted = insert(verdict);
    if (!inserted) return tl::unexpected(inserted.error());
    if (*inserted) fresh_.push_back(&verdict);
  }
  return counting_.count(*database_, fresh_, *pruned);
}

Expected<void> SqliteVerdictStore::select(const VerdictQuery& query,
                                          const std::function<bool(const Verdict&)>& visit) {
  return select_verdicts(*database_, query, visit);
}

}  // namespace tecs
