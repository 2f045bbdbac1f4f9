#include "verdicts/postgres_verdict_store.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "verdicts/postgres_text.hpp"
#include "verdicts/postgres_verdict_rows.hpp"
#include "verdicts/pruned_times.hpp"
#include "verdicts/verdict_fields.hpp"
#include "verdicts/verdict_store_select.hpp"

namespace tecs {
namespace {

// Its columns have the types of the verdicts', and none of their conditions.
std::string copy_statements() {
  return "CREATE TEMPORARY TABLE IF NOT EXISTS tecs_arriving ON COMMIT DELETE ROWS AS SELECT " +
         verdict_columns() + " FROM verdicts WITH NO DATA; COPY tecs_arriving (" + verdict_columns() +
         ") FROM STDIN";
}

std::string insert_statement() {
  return "INSERT INTO verdicts (" + verdict_columns() + ") SELECT " + verdict_columns() +
         " FROM tecs_arriving WHERE time >= coalesce((SELECT time FROM pruned_times WHERE what = '" +
         std::string(pruned_verdicts) + "'), '') ORDER BY id ON CONFLICT (id) DO NOTHING RETURNING id";
}

using Verdicts = std::vector<const Verdict*>;

// Of what is counted, and of what tells one from another. The rest becomes fit on its way.
bool has_fit_texts(const Verdict& verdict) {
  constexpr std::array texts{&Verdict::id, &Verdict::receiver, &Verdict::reason, &Verdict::domain,
                             &Verdict::organizational_domain};
  return std::ranges::all_of(texts, [&](const auto text) { return is_postgres_text(verdict.*text); });
}

Verdict with_fit_texts(const Verdict& verdict) {
  Verdict fit = verdict;
  for_each_field([&](const auto& field) {
    auto& member = fit.*(field.member);
    if constexpr (std::is_same_v<std::decay_t<decltype(member)>, std::string>) member = postgres_text(member);
  });
  return fit;
}

// What is counted must be what is stored, to the octet. `changed` keeps those of which it must be a copy.
Verdicts with_fit_texts(std::span<const Verdict> verdicts, std::deque<Verdict>& changed) {
  Verdicts fit;
  fit.reserve(verdicts.size());
  for (const Verdict& verdict : verdicts)
    fit.push_back(has_fit_texts(verdict) ? &verdict : &changed.emplace_back(with_fit_texts(verdict)));
  return fit;
}

std::string_view id_of(const Verdict* verdict) {
  return verdict->id;
}

// One of each id, the first, in ascending order: writers of the same verdicts then wait for each other and
// never each for the other.
void put_in_order(Verdicts& verdicts) {
  std::ranges::stable_sort(verdicts, {}, id_of);
  const auto repeated = std::ranges::unique(verdicts, {}, id_of);
  verdicts.erase(repeated.begin(), repeated.end());
}

// As if none of them were there; if one is, all fail with protocol_error.
Expected<Verdicts> insert_all(PostgresDatabase& database, Verdicts verdicts, const PrunedTimes& pruned) {
  static const std::string copy = "COPY verdicts (" + verdict_columns() + ") FROM STDIN";
  std::erase_if(verdicts,
                [&](const Verdict* verdict) { return pruned.verdicts && verdict->time < *pruned.verdicts; });
  return database.copy(copy, CopyRows(verdicts)).map([&] { return std::move(verdicts); });
}

// Returns those that were not there before.
Expected<Verdicts> insert_new(PostgresDatabase& database, const Verdicts& verdicts) {
  static const std::string copy = copy_statements();
  static const std::string statement = insert_statement();
  if (auto copied = database.copy(copy, CopyRows(verdicts)); !copied) return tl::unexpected(copied.error());
  Verdicts inserted;
  const auto take = [&](const SqlRow& row) {
    const auto found = std::ranges::lower_bound(verdicts, row.text(0), std::less<>{}, id_of);
    if (found != verdicts.end()) inserted.push_back(*found);
    return true;
  };
  return database.query(statement, {}, take).map([&] { return std::move(inserted); });
}

}  // namespace

Expected<std::unique_ptr<VerdictStore>> PostgresVerdictStore::open(const StoreName& name, StoreMode mode) {
  return open(name, mode, mode == StoreMode::read_only ? PostgresOptions{} : postgres_writing);
}

Expected<std::unique_ptr<VerdictStore>> PostgresVerdictStore::open(const StoreName& name, StoreMode mode,
                                                                   const PostgresOptions& options) {
  auto database = PostgresDatabase::open(name, mode, options);
  if (!database) return tl::unexpected(database.error());
  return std::unique_ptr<VerdictStore>(new PostgresVerdictStore(std::move(*database), mode));
}

Expected<void> PostgresVerdictStore::write(std::span<const Verdict> verdicts) {
  if (mode_ == StoreMode::read_only)
    return failure(Reason::io_error, "this verdict store was opened for reading");
  if (verdicts.empty()) return {};
  std::deque<Verdict> changed;
  Verdicts ordered = with_fit_texts(verdicts, changed);
  put_in_order(ordered);
  if (auto room = counting_.make_room(*database_); !room) return room;
  if (!repeats_) {
    auto written = write(ordered, Arrival::first);
    if (written || written.error().reason != Reason::protocol_error) return written;
  }
  return write(ordered, Arrival::perhaps_again);
}

// That a batch comes again is rare, and then it is seldom alone. To look at each row whether it is there
// takes three times as long as COPY alone; and of a COPY that fails the rows stay in the table, dead.
Expected<void> PostgresVerdictStore::write(const std::vector<const Verdict*>& verdicts, Arrival arrival) {
  static const std::string lock(postgres_lock_to_write);
  std::size_t there = 0;
  return database_
      ->transaction([&]() -> Expected<void> {
        if (auto locked = database_->execute(lock); !locked) return locked;
        if (std::exchange(connections_, database_->connections()) != connections_) counting_.forget();
        const auto pruned = read_pruned_times(*database_);
        if (!pruned) return tl::unexpected(pruned.error());
        const auto inserted = arrival == Arrival::first ? insert_all(*database_, verdicts, *pruned)
                                                        : insert_new(*database_, verdicts);
        if (!inserted) return tl::unexpected(inserted.error());
        there = verdicts.size() - inserted->size();
        return counting_.count(*database_, *inserted, *pruned);
      })
      .map([&] {
        repeats_ = arrival == Arrival::perhaps_again && there != 0;
        counting_.committed();
      });
}

Expected<void> PostgresVerdictStore::select(const VerdictQuery& query,
                                            const std::function<bool(const Verdict&)>& visit) {
  return select_verdicts(*database_, query, visit);
}

}  // namespace tecs
