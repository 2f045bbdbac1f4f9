#include "verdicts/batch_counting.hpp"

#include <string>
#include <utility>

#include "verdicts/batch_counts.hpp"
#include "verdicts/verdict_rollup.hpp"
#include "verdicts/verdict_rollup_write.hpp"

namespace tecs {
namespace {

// What is wrong with counts that others left must not be taken for something that is wrong with the verdicts
// that come now: whoever forwards those would give them up.
Expected<void> not_of_these_verdicts(const Error& error) {
  return failure(Reason::io_error, error.sentence);
}

}  // namespace

Expected<void> BatchCounting::make_room(SqlDatabase& database) {
  if (!waiting_) {
    const auto count = count_batch_counts(database);
    if (!count) return not_of_these_verdicts(count.error());
    waiting_ = *count;
  }
  bool more = true;
  while (more && *waiting_ >= most_waiting) {
    const auto added = add_waiting(database);
    if (!added) return not_of_these_verdicts(added.error());
    more = *added;
  }
  return {};
}

// Returns whether there may be more to be added. When somebody else is at it, the number stays, and the next
// batch tries again.
Expected<bool> BatchCounting::add_waiting(SqlDatabase& database) {
  static const std::string lock(postgres_lock_to_write);
  std::optional<std::uint64_t> taken;
  std::uint64_t left = 0;
  const auto add = [&]() -> Expected<void> {
    if (database.dialect() == SqlDialect::postgresql) {
      if (auto locked = database.execute(lock); !locked) return locked;
    }
    return add_batch_counts(database, 2 * most_waiting).and_then([&](std::optional<std::uint64_t> count) {
      taken = count;
      return count_batch_counts(database).map([&](std::uint64_t waiting) { left = waiting; });
    });
  };
  return database.transaction(add).map([&] {
    if (taken) waiting_ = left;
    return taken.value_or(0) > 0;
  });
}

Expected<void> BatchCounting::count(SqlDatabase& database, std::span<const Verdict* const> inserted,
                                    const PrunedTimes& pruned) {
  const VerdictRollup rollup = roll_up(inserted);
  written_ = known_domains_.fresh(rollup.known_domains, pruned);
  return keep_batch_counts(database, rollup).map([&](bool kept) { kept_ = kept; }).and_then([&] {
    return write_known_domains(database, written_);
  });
}

void BatchCounting::committed() {
  known_domains_.remember(written_);
  written_.clear();
  if (std::exchange(kept_, false) && waiting_) ++*waiting_;
}

void BatchCounting::forget() {
  known_domains_ = {};
  waiting_.reset();
}

}  // namespace tecs
