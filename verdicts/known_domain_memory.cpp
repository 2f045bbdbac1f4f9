#include "verdicts/known_domain_memory.hpp"

namespace tecs {

// Pruning takes domains that passed last before the day up to which it goes, and this need not notice when
// it is done twice for the same day.
std::vector<KnownDomainRow> KnownDomainMemory::fresh(std::span<const KnownDomainRow> rows,
                                                     const PrunedTimes& pruned) {
  if (pruned != pruned_) kept_.clear();
  pruned_ = pruned;
  std::vector<KnownDomainRow> fresh;
  for (const KnownDomainRow& row : rows) {
    const auto found = kept_.find(row.domain);
    const bool same = found != kept_.end() &&
                      row.organizational_domain == found->second.organizational_domain &&
                      row.first >= found->second.first && row.last <= found->second.last &&
                      (!pruned.days || found->second.last >= *pruned.days);
    if (!same) fresh.push_back(row);
  }
  return fresh;
}

void KnownDomainMemory::remember(std::span<const KnownDomainRow> rows) {
  for (const KnownDomainRow& row : rows) {
    if (kept_.size() >= most_domains) kept_.clear();
    kept_.insert_or_assign(std::string(row.domain),
                           Kept{std::string(row.organizational_domain), row.first, row.last});
  }
}

}  // namespace tecs
