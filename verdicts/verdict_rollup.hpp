// What verdicts add to the counts of an hour, a day and a month: the roll-ups from which summaries,
// distributions and the age of a domain are answered.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "verdicts/verdict.hpp"
#include "verdicts/verdict_distribution.hpp"

namespace tecs {

// The texts are those of the verdicts.
struct RollupKey {
  Verdict::Time start{};  // of the hour, day or month
  std::string_view domain;
  std::string_view organizational_domain;
  Result result = Result::none;
  std::string_view reason;
  std::string_view receiver;

  friend auto operator<=>(const RollupKey&, const RollupKey&) = default;
};

struct RollupCounts {
  std::uint64_t connections = 0;
  std::uint64_t messages = 0;
  std::uint64_t recipients = 0;
  std::uint64_t bytes = 0;
  std::chrono::microseconds duration{0};
  std::chrono::microseconds dns_time{0};
  std::chrono::microseconds verification_time{0};

  friend bool operator==(const RollupCounts&, const RollupCounts&) = default;
};

struct RollupRow {
  RollupKey key;
  RollupCounts counts;

  friend bool operator==(const RollupRow&, const RollupRow&) = default;
};

struct DistributionKey {
  Verdict::Time start{};  // of the hour
  Measure measure = Measure::score;
  std::int64_t bin = 0;
  std::string_view receiver;

  friend auto operator<=>(const DistributionKey&, const DistributionKey&) = default;
};

struct DistributionRow {
  DistributionKey key;
  std::uint64_t connections = 0;

  friend bool operator==(const DistributionRow&, const DistributionRow&) = default;
};

// Of passes, but for those by a clock that must have been wrong: before 2005, or after 2099.
struct KnownDomainRow {
  std::string_view domain;
  std::string_view organizational_domain;  // as the newest verdict has it
  Verdict::Time first{};
  Verdict::Time last{};  // the day of the last, so that a domain's row is written once a day

  friend bool operator==(const KnownDomainRow&, const KnownDomainRow&) = default;
};

// One row a key, in ascending order of the keys: whoever writes them takes the locks in that order, so that
// no two writers wait for each other.
struct VerdictRollup {
  std::vector<RollupRow> hours;
  std::vector<RollupRow> days;  // these and the months are left empty by roll_up()
  std::vector<RollupRow> months;
  std::vector<DistributionRow> distributions;
  std::vector<KnownDomainRow> known_domains;
};

// More bytes, and more microseconds, a connection does not count for: 8 TB, 101 days. Verdicts come from
// files too, and a sum that no 64 bits hold would keep whatever is of that domain and day from being written.
inline constexpr std::int64_t most_of_a_connection = std::int64_t{1} << 43;

// Each verdict counts, so only those belong here that were not in the store before. The verdicts must outlive
// what is returned. Days and months are left out.
[[nodiscard]] VerdictRollup roll_up(std::span<const Verdict* const> verdicts);

// Hours and distributions may come in any order, and have the same key several times. Makes one row of those,
// and days and months of the hours.
void add_up(VerdictRollup& rollup);

// Of its month.
[[nodiscard]] Verdict::Time first_moment_of_month(Verdict::Time time);

}  // namespace tecs
