#include "verdicts/verdict_rollup.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <tuple>
#include <unordered_set>
#include <utility>

namespace tecs {
namespace {

void mix(std::size_t& seed, std::size_t hash) noexcept {
  seed ^= hash + 0x9e3779b97f4a7c15U + (seed << 6U) + (seed >> 2U);
}

std::size_t hash_of(std::string_view domain) noexcept {
  return std::hash<std::string_view>{}(domain);
}

std::size_t hash_of(const RollupKey& key) noexcept {
  std::size_t hash = hash_of(key.domain);
  mix(hash, hash_of(key.receiver));
  mix(hash, static_cast<std::size_t>(key.start.time_since_epoch().count()));
  mix(hash, static_cast<std::size_t>(key.result));
  return hash;
}

std::size_t hash_of(const DistributionKey& key) noexcept {
  std::size_t hash = hash_of(key.receiver);
  mix(hash, static_cast<std::size_t>(key.start.time_since_epoch().count()));
  mix(hash, static_cast<std::size_t>(key.bin));
  mix(hash, static_cast<std::size_t>(key.measure));
  return hash;
}

// Makes one of the rows that have the same key, and sorts what is left: much less than to sort them all.
template <typename Row, typename Key, typename Add>
void combine(std::vector<Row>& rows, Key key, Add add) {
  const auto hash = [&](const Row* row) { return hash_of(std::invoke(key, *row)); };
  const auto equal = [&](const Row* left, const Row* right) {
    return std::invoke(key, *left) == std::invoke(key, *right);
  };
  std::unordered_set<Row*, decltype(hash), decltype(equal)> kept(rows.size(), hash, equal);
  auto end = rows.begin();
  for (Row& row : rows) {
    const auto present = kept.find(&row);
    if (present != kept.end()) {
      add(**present, row);
    } else {
      if (&*end != &row) *end = row;
      kept.insert(&*end++);
    }
  }
  rows.erase(end, rows.end());
  std::ranges::sort(rows, std::less<>{}, key);
}

void add_counts(RollupRow& row, const RollupRow& other) {
  RollupCounts& counts = row.counts;
  counts.connections += other.counts.connections;
  counts.messages += other.counts.messages;
  counts.recipients += other.counts.recipients;
  counts.bytes += other.counts.bytes;
  counts.duration += other.counts.duration;
  counts.dns_time += other.counts.dns_time;
  counts.verification_time += other.counts.verification_time;
}

// Of two that were seen on one day the greater, in whatever order they are added.
void add_domain(KnownDomainRow& row, const KnownDomainRow& other) {
  if (std::tie(other.last, other.organizational_domain) > std::tie(row.last, row.organizational_domain))
    row.organizational_domain = other.organizational_domain;
  row.first = std::min(row.first, other.first);
  row.last = std::max(row.last, other.last);
}

std::chrono::microseconds bounded(std::chrono::microseconds time) noexcept {
  return std::clamp(time, std::chrono::microseconds{0}, std::chrono::microseconds{most_of_a_connection});
}

RollupRow row_of_hour(const Verdict& verdict) {
  return {.key = {.start = std::chrono::floor<std::chrono::hours>(verdict.time),
                  .domain = verdict.domain,
                  .organizational_domain = verdict.organizational_domain,
                  .result = verdict.result,
                  .reason = verdict.reason,
                  .receiver = verdict.receiver},
          .counts = {.connections = 1,
                     .messages = verdict.messages,
                     .recipients = verdict.recipients,
                     .bytes = std::min<std::uint64_t>(verdict.bytes, most_of_a_connection),
                     .duration = bounded(verdict.duration),
                     .dns_time = bounded(verdict.dns_time),
                     .verification_time = bounded(verdict.verification_time)}};
}

// Of an hour and a receiver: most batches are of one of each, so a bin is found without looking for it.
class Histograms {
 public:
  void add(const Verdict& verdict) {
    Bins& bins = bins_of_[{std::chrono::floor<std::chrono::hours>(verdict.time), verdict.receiver}];
    if (verdict.score) count(bins, Measure::score, *verdict.score);
    add_time(bins, Measure::duration, verdict.duration);
    add_time(bins, Measure::dns_time, verdict.dns_time);
    add_time(bins, Measure::verification_time, verdict.verification_time);
  }

  [[nodiscard]] std::vector<DistributionRow> rows() const {
    std::vector<DistributionRow> rows;
    for (const auto& [of, bins] : bins_of_) {
      for (std::size_t i = 0; i < bins.size(); ++i) {
        if (bins.at(i) == 0) continue;
        rows.push_back({{.start = of.first,
                         .measure = static_cast<Measure>(i / bins_of_measure),
                         .bin = static_cast<std::int64_t>(i % bins_of_measure) - furthest_score_bin,
                         .receiver = of.second},
                        bins.at(i)});
      }
    }
    std::ranges::sort(rows, {}, &DistributionRow::key);
    return rows;
  }

 private:
  static constexpr std::size_t measures = 4;
  // From the first bin of scores, which is below 0, to the last of times.
  static constexpr auto bins_of_measure = static_cast<std::size_t>(furthest_score_bin + last_time_bin + 1);
  using Bins = std::array<std::uint32_t, measures * bins_of_measure>;

  static void count(Bins& bins, Measure measure, double value) {
    const auto bin = static_cast<std::size_t>(bin_of(measure, value) + furthest_score_bin);
    ++bins.at(static_cast<std::size_t>(measure) * bins_of_measure + bin);
  }
  static void add_time(Bins& bins, Measure measure, std::chrono::microseconds time) {
    if (time.count() > 0) count(bins, measure, static_cast<double>(time.count()));
  }

  std::map<std::pair<Verdict::Time, std::string_view>, Bins> bins_of_;
};

template <typename Start>
std::vector<RollupRow> longer_periods(const std::vector<RollupRow>& shorter, Start start) {
  std::vector<RollupRow> longer = shorter;
  for (RollupRow& row : longer) row.key.start = start(row.key.start);
  combine(longer, &RollupRow::key, add_counts);
  return longer;
}

void add_connections(DistributionRow& row, const DistributionRow& other) {
  row.connections += other.connections;
}

// The first pass of a domain only ever falls and the last only ever rises, so one verdict by a wrong clock
// would make a domain old, or keep it, for ever. A machine that does not know the time begins in 1970, 1980,
// 2000 or soon after, and nobody had keys for mail in DNS before 2005. The verdict's epoch is of the same
// clock and tells no more. A clock that is wrong by less is not noticed: a store has none to compare it with.
bool has_likely_time(const Verdict& verdict) noexcept {
  using std::chrono::sys_days;
  using std::chrono::year;
  constexpr Verdict::Time first{sys_days{year{2005} / 1 / 1}};
  constexpr Verdict::Time last{sys_days{year{2100} / 1 / 1}};
  return verdict.time >= first && verdict.time < last;
}

}  // namespace

VerdictRollup roll_up(std::span<const Verdict* const> verdicts) {
  VerdictRollup rollup;
  rollup.hours.reserve(verdicts.size());
  Histograms histograms;
  for (const Verdict* verdict : verdicts) {
    rollup.hours.push_back(row_of_hour(*verdict));
    histograms.add(*verdict);
    if (verdict->result == Result::pass && !verdict->domain.empty() && has_likely_time(*verdict)) {
      rollup.known_domains.push_back({verdict->domain, verdict->organizational_domain, verdict->time,
                                      std::chrono::floor<std::chrono::days>(verdict->time)});
    }
  }
  combine(rollup.hours, &RollupRow::key, add_counts);
  rollup.distributions = histograms.rows();
  combine(rollup.known_domains, &KnownDomainRow::domain, add_domain);
  return rollup;
}

void add_up(VerdictRollup& rollup) {
  combine(rollup.hours, &RollupRow::key, add_counts);
  combine(rollup.distributions, &DistributionRow::key, add_connections);
  rollup.days = longer_periods(rollup.hours, [](Verdict::Time hour) {
    return Verdict::Time{std::chrono::floor<std::chrono::days>(hour)};
  });
  rollup.months = longer_periods(rollup.days, first_moment_of_month);
}

Verdict::Time first_moment_of_month(Verdict::Time time) {
  const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(time)};
  return Verdict::Time{std::chrono::sys_days{day.year() / day.month() / 1}};
}

}  // namespace tecs
