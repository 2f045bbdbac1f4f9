// What the histograms of a report have in common: bins as they are stored become bars without holes.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tools/report_bar_chart.hpp"
#include "verdicts/verdict_distribution.hpp"

namespace tecs {

// From the first to the last of the bins, and some more when they are few.
class ReportHistogram {
 public:
  // bins: in ascending order, at least one.
  ReportHistogram(Measure measure, const std::vector<DistributionBin>& bins);

  [[nodiscard]] std::int64_t first() const noexcept { return first_; }
  [[nodiscard]] std::int64_t last() const noexcept { return last_; }
  [[nodiscard]] std::uint64_t connections() const noexcept { return connections_; }
  // Of the bins from one to another, both included.
  [[nodiscard]] std::uint64_t connections(std::int64_t from, std::int64_t to) const noexcept;

  // One for each bin. text: what its values are, as in "1.4 to 2 ms".
  [[nodiscard]] std::vector<ChartColumn> columns(
      const std::function<std::string(std::int64_t bin)>& text,
      const std::function<std::string_view(std::int64_t bin)>& style) const;

  // The bin in which this share of the connections is reached.
  [[nodiscard]] std::int64_t bin_at(double share) const;

 private:
  Measure measure_;
  std::vector<DistributionBin> bins_;
  std::int64_t first_;
  std::int64_t last_;
  std::uint64_t connections_ = 0;
};

}  // namespace tecs
