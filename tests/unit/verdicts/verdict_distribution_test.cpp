#include "verdicts/verdict_distribution.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "unit/verdicts/rollup_check.hpp"
#include "unit/verdicts/store_under_test.hpp"
#include "unit/verdicts/verdict_samples.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;

TEST(DistributionBins, AreOneAScore) {
  struct Row {
    double value;
    std::int64_t want;
  };
  constexpr double infinity = std::numeric_limits<double>::infinity();
  for (const Row& row : {Row{0, 0}, Row{0.9, 0}, Row{1, 1}, Row{-0.1, -1}, Row{-1, -1}, Row{49.9, 49},
                         Row{50, 50}, Row{1e300, 50}, Row{-50, -50}, Row{-1e300, -50}, Row{infinity, 50},
                         Row{-infinity, -50}, Row{std::nan(""), 0}}) {
    EXPECT_EQ(bin_of(Measure::score, row.value), row.want) << row.value;
  }
  EXPECT_EQ(lower_bound_of(Measure::score, -7), -7.0);
}

TEST(DistributionBins, AreTwoForEachDoublingOfATime) {
  struct Row {
    double value;
    std::int64_t want;
  };
  constexpr double infinity = std::numeric_limits<double>::infinity();
  for (const Row& row : {Row{1, 0}, Row{2, 2}, Row{3, 3}, Row{4, 4}, Row{5, 4}, Row{6, 5}, Row{7, 5},
                         Row{8, 6}, Row{1000, 19}, Row{1024, 20}, Row{1e6, 39}, Row{0, 0}, Row{-5, 0},
                         Row{1e300, 100}, Row{infinity, 100}, Row{std::nan(""), 0}}) {
    EXPECT_EQ(bin_of(Measure::duration, row.value), row.want) << row.value;
  }
}

TEST(DistributionBins, BeginWhereTheySay) {
  for (std::int64_t bin = 1; bin <= 100; ++bin) {
    const double bound = lower_bound_of(Measure::dns_time, bin);
    EXPECT_EQ(bin_of(Measure::dns_time, bound), bin);
    EXPECT_EQ(bin_of(Measure::dns_time, std::nextafter(bound, 0.0)), bin - 1);
  }
  EXPECT_EQ(lower_bound_of(Measure::dns_time, 0), 1.0);
  // What no bin_of() gave, since somebody else wrote it.
  EXPECT_EQ(lower_bound_of(Measure::dns_time, -1), 1.0);
  EXPECT_EQ(lower_bound_of(Measure::dns_time, INT64_MAX), lower_bound_of(Measure::dns_time, 100));
}

TEST(DistributionQuantile, IsWhereTheShareIsReached) {
  const std::vector<DistributionBin> bins{{-1, 10}, {0, 80}, {7, 9}, {9, 1}};
  struct Row {
    double share, want;
  };
  for (const Row& row : {Row{0, -1}, Row{0.1, -1}, Row{0.11, 0}, Row{0.5, 0}, Row{0.9, 0}, Row{0.95, 7},
                         Row{0.99, 7}, Row{1, 9}, Row{2, 9}}) {
    EXPECT_EQ(quantile(Measure::score, bins, row.share), row.want) << row.share;
  }
  EXPECT_EQ(quantile(Measure::duration, {{20, 1}}, 0.5), 1024.0);
  EXPECT_EQ(quantile(Measure::score, {}, 0.5), std::nullopt);
  EXPECT_EQ(quantile(Measure::score, {{3, 0}}, 0.5), std::nullopt);
}

class Distribution : public test::StoreUnderTest {};

TEST_P(Distribution, IsReadForAPeriodOfHours) {
  std::vector<Verdict> verdicts;
  for (unsigned i = 0; i < 4; ++i) {
    verdicts.push_back(test::numbered_verdict(i));
    verdicts[i].time = Verdict::Time{std::chrono::sys_days{std::chrono::year{2026} / 1 / 31}} + i * 30min;
    verdicts[i].score = i * 2.5;  // 0, 2, 5, 7
  }
  verdicts[1].receiver = "mx2.example.net";
  verdicts[3].score.reset();
  ASSERT_TRUE(verdict_store().write(std::span(verdicts).first(1)));
  test::put_counts_into_tables(database());
  ASSERT_TRUE(verdict_store().write(std::span(verdicts).subspan(1)));
  const auto read = [&](std::optional<Verdict::Time> since, std::optional<Verdict::Time> until) {
    const auto bins = read_distribution(database(), Measure::score, since, until);
    EXPECT_TRUE(bins) << bins.error().sentence;
    return bins.value_or(std::vector<DistributionBin>{});
  };
  using Bins = std::vector<DistributionBin>;
  EXPECT_EQ(read({}, {}), (Bins{{0, 1}, {2, 1}, {5, 1}}));
  EXPECT_EQ(read(verdicts[1].time, {}), (Bins{{0, 1}, {2, 1}, {5, 1}})) << "since is rounded down";
  EXPECT_EQ(read(verdicts[2].time, {}), (Bins{{5, 1}}));
  EXPECT_EQ(read({}, verdicts[2].time), (Bins{{0, 1}, {2, 1}}));
  EXPECT_EQ(read({}, verdicts[0].time + 1ms), (Bins{{0, 1}, {2, 1}})) << "until is rounded up";
  EXPECT_EQ(read(verdicts[2].time, verdicts[2].time), Bins{});
  const auto duration = read_distribution(database(), Measure::duration, {}, {});
  EXPECT_EQ(duration, (Bins{{bin_of(Measure::duration, 1'234'567), 4}}));
}

INSTANTIATE_TEST_SUITE_P(Engines, Distribution, test::both_engines, test::engine_name);

}  // namespace
}  // namespace tecs
