#include "bench/bulk_rows.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace tecs::bench {
namespace {

using std::chrono::floor;
using std::chrono::hours;

void merge(std::vector<KnownDomainRow>& rows) {
  std::ranges::stable_sort(rows, {}, &KnownDomainRow::domain);
  std::vector<KnownDomainRow> merged;
  for (const KnownDomainRow& row : rows) {
    if (merged.empty() || merged.back().domain != row.domain) {
      merged.push_back(row);
    } else {
      merged.back().first = std::min(merged.back().first, row.first);
      merged.back().last = std::max(merged.back().last, row.last);
    }
  }
  rows = std::move(merged);
}

}  // namespace

BulkRows::BulkRows(std::uint64_t count, const TrafficOptions& traffic) : count_(count), traffic_(traffic) {}

std::span<const Verdict* const> BulkRows::next() {
  rows_.clear();
  std::size_t size = 0;
  while (made_ < count_) {
    const Verdict& verdict = traffic_.verdict(made_);
    if (size > 0 && floor<hours>(verdict.time) != floor<hours>(hour_.front().time)) break;
    if (size == hour_.size()) hour_.emplace_back();
    hour_[size++] = verdict;
    ++made_;
  }
  for (std::size_t i = 0; i < size; ++i) rows_.push_back(&hour_[i]);
  count_hour();
  return rows_;
}

void BulkRows::count_hour() {
  VerdictRollup hour = roll_up(rows_);
  for (RollupRow& row : hour.hours) {
    for (std::string_view* text :
         {&row.key.domain, &row.key.organizational_domain, &row.key.reason, &row.key.receiver})
      *text = kept(*text);
  }
  for (DistributionRow& row : hour.distributions) row.key.receiver = kept(row.key.receiver);
  for (KnownDomainRow& row : hour.known_domains) {
    row.domain = kept(row.domain);
    row.organizational_domain = kept(row.organizational_domain);
  }
  rollup_.hours.insert(rollup_.hours.end(), hour.hours.begin(), hour.hours.end());
  rollup_.distributions.insert(rollup_.distributions.end(), hour.distributions.begin(),
                               hour.distributions.end());
  rollup_.known_domains.insert(rollup_.known_domains.end(), hour.known_domains.begin(),
                               hour.known_domains.end());
}

std::string_view BulkRows::kept(std::string_view text) {
  return *texts_.emplace(text).first;
}

VerdictRollup BulkRows::take_rollup() {
  merge(rollup_.known_domains);
  add_up(rollup_);
  return std::move(rollup_);
}

}  // namespace tecs::bench
