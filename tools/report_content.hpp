// All that a report tells, before it is drawn.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tools/report_interval.hpp"
#include "tools/report_results.hpp"
#include "verdicts/known_domain.hpp"
#include "verdicts/pruned_times.hpp"
#include "verdicts/reputation.hpp"
#include "verdicts/verdict_distribution.hpp"
#include "verdicts/verdict_summary.hpp"

namespace tecs {

// As in the table reputation.
struct ReportedReputation {
  Reputation state = Reputation::unknown;
  double number = 0;              // 0 is best, 1 is worst
  std::string of_organizational;  // empty: of the domain itself
};

struct ReportedDomain {
  SummaryRow row;
  std::optional<ReportedReputation> reputation;  // empty: there is none in the table
};

struct NewDomain {
  KnownDomain domain;
  std::optional<ReportedReputation> reputation;
};

// Plain value. Texts of the store are a stranger's.
struct ReportContent {
  std::string title;
  std::string store;    // without a password
  std::string version;  // "tecs 0.1.0"
  Verdict::Time made{};
  ReportPeriod period;
  PrunedTimes pruned;

  SummaryRow totals;
  std::vector<ResultCounts> intervals;         // one for each of interval_starts(period)
  std::vector<std::uint64_t> new_in_interval;  // domains, likewise
  std::uint64_t signing_domains = 0;           // that passed
  std::uint64_t claimed_domains = 0;           // that somebody named, whether it passed or not
  std::uint64_t receiver_count = 0;
  std::vector<ReportedDomain> top_domains;  // of the most connections
  std::vector<SummaryRow> reasons;          // only of signed connections that did not pass; most first
  std::vector<SummaryRow> receivers;        // of the most connections
  std::vector<NewDomain> new_domains;       // the newest
  std::map<Measure, std::vector<DistributionBin>> distributions;

  [[nodiscard]] std::uint64_t new_domain_count() const;

  // "Counts from before 6 Jan 2026, 09:00 are no longer there.": of scores and times, which are kept by hour;
  // of all else. Empty: they are there for the whole period.
  [[nodiscard]] std::string lost_hours() const;
  [[nodiscard]] std::string lost_days() const;
};

}  // namespace tecs
