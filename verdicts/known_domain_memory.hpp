// Which known domains a store has as they are, so that a writer need not write them again with each batch.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "verdicts/pruned_times.hpp"
#include "verdicts/text_hash.hpp"
#include "verdicts/verdict_rollup.hpp"

namespace tecs {

// For one writer and one connection to its store: behind another one the store may be set back. One thread at
// a time. That others write to the same store does no harm: what stands there only ever gets a lower first
// and a higher last, but by pruning, which this is told of.
class KnownDomainMemory {
 public:
  // Anybody can make domains that pass. Beyond so many it begins anew; some 200 octets each.
  static constexpr std::size_t most_domains = 50'000;

  // Of these, those with which the store would change, as far as is known. pruned: as the store says now.
  [[nodiscard]] std::vector<KnownDomainRow> fresh(std::span<const KnownDomainRow> rows,
                                                  const PrunedTimes& pruned);
  // They are in the store, committed.
  void remember(std::span<const KnownDomainRow> rows);

 private:
  struct Kept {
    std::string organizational_domain;
    Verdict::Time first;
    Verdict::Time last;
  };
  std::unordered_map<std::string, Kept, TextHash, std::equal_to<>> kept_;
  PrunedTimes pruned_;
};

}  // namespace tecs
