// Counts the batches of one writer of verdicts, in either engine.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "tecs/error.hpp"
#include "verdicts/known_domain_memory.hpp"
#include "verdicts/pruned_times.hpp"
#include "verdicts/sql_database.hpp"
#include "verdicts/verdict.hpp"

namespace tecs {

// One thread at a time. For each batch: make_room(), then in one transaction the verdicts and count(), and
// after the commit committed().
class BatchCounting {
 public:
  // So many batches wait to be added to the counts (batch_counts.hpp); with several writers so many of each,
  // and what comes while one of them adds. Whoever asks has to read them all, some 0.1 ms for one of 1,000
  // verdicts.
  static constexpr std::uint64_t most_waiting = 128;

  // Adds those that wait to the counts when there are enough, in transactions of its own, unless another
  // writer is at it. Fails with io_error, whatever is wrong with them.
  [[nodiscard]] Expected<void> make_room(SqlDatabase& database);

  // Of verdicts that were not in the store, which must stay until it is over. pruned: as the store says now.
  // Fails with io_error, or with protocol_error for what stands in these verdicts.
  [[nodiscard]] Expected<void> count(SqlDatabase& database, std::span<const Verdict* const> inserted,
                                     const PrunedTimes& pruned);
  // When it is not called, the transaction was rolled back, or nobody knows.
  void committed();
  // For a new connection: the store may be another one, or one that was set back to an earlier state.
  void forget();

 private:
  [[nodiscard]] Expected<bool> add_waiting(SqlDatabase& database);

  std::optional<std::uint64_t> waiting_;  // empty: to be asked for
  KnownDomainMemory known_domains_;
  // Of the last count(), until it is committed. The texts are those of the verdicts.
  bool kept_ = false;
  std::vector<KnownDomainRow> written_;
};

}  // namespace tecs
