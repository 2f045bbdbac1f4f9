#include "tools/report_content.hpp"

#include <numeric>

namespace tecs {
namespace {

std::string lost_before(const std::optional<Verdict::Time>& pruned, const ReportPeriod& period) {
  if (!pruned || period.since >= *pruned) return "";
  return "Counts from before " + moment_text(*pruned) + " are no longer there.";
}

}  // namespace

std::uint64_t ReportContent::new_domain_count() const {
  return std::accumulate(new_in_interval.begin(), new_in_interval.end(), std::uint64_t{0});
}

std::string ReportContent::lost_hours() const {
  return lost_before(pruned.verdicts, period);
}

std::string ReportContent::lost_days() const {
  return lost_before(pruned.days, period);
}

}  // namespace tecs
