#include "tools/report_histogram.hpp"

#include "tools/report_number.hpp"

namespace tecs {

ReportHistogram::ReportHistogram(Measure measure, const std::vector<DistributionBin>& bins)
    : measure_(measure), bins_(bins), first_(bins.front().bin), last_(bins.back().bin) {
  constexpr std::int64_t fewest = 12;  // or the bars look like walls
  const bool scores = measure == Measure::score;
  const std::int64_t lowest = scores ? -furthest_score_bin : 0;
  while (last_ - first_ + 1 < fewest) {
    if (!scores || last_ < furthest_score_bin) ++last_;
    if (last_ - first_ + 1 < fewest && first_ > lowest) --first_;
  }
  for (const DistributionBin& bin : bins_) connections_ += bin.connections;
}

std::uint64_t ReportHistogram::connections(std::int64_t from, std::int64_t to) const noexcept {
  std::uint64_t sum = 0;
  for (const DistributionBin& bin : bins_) {
    if (bin.bin >= from && bin.bin <= to) sum += bin.connections;
  }
  return sum;
}

std::vector<ChartColumn> ReportHistogram::columns(
    const std::function<std::string(std::int64_t bin)>& text,
    const std::function<std::string_view(std::int64_t bin)>& style) const {
  std::vector<ChartColumn> columns;
  auto next = bins_.begin();
  for (std::int64_t bin = first_; bin <= last_; ++bin) {
    const std::uint64_t count = next != bins_.end() && next->bin == bin ? (next++)->connections : 0;
    columns.push_back({text(bin) + "\n" + counted(count, "connection", "connections") + ", " +
                           percentage(count, connections_),
                       {{style(bin), count}}});
  }
  return columns;
}

// quantile() tells where the bin begins, by the same function that is asked here.
std::int64_t ReportHistogram::bin_at(double share) const {
  const double found = quantile(measure_, bins_, share).value_or(0);
  for (const DistributionBin& bin : bins_) {
    if (lower_bound_of(measure_, bin.bin) >= found) return bin.bin;
  }
  return bins_.back().bin;
}

}  // namespace tecs
