#include "verdicts/wilson_interval.hpp"

#include <gtest/gtest.h>

#include <string_view>

namespace tecs {
namespace {

TEST(WilsonInterval, IsThatOfTheTables) {
  struct Row {
    std::string_view test;
    double successes, trials, want_lower, want_upper;
  };
  for (const Row& row : {
           Row{"none of a few", 0, 10, 0, 0.277533},
           Row{"none of many", 0, 400, 0, 0.009512},
           Row{"some", 3, 100, 0.010255, 0.084519},
           Row{"half", 50, 100, 0.403832, 0.596168},
           Row{"some of many", 42, 1000, 0.031221, 0.056284},
           Row{"all", 3, 3, 0.438503, 1},
           Row{"weighted", 0.5, 2.5, 0.021246, 0.742215},
       }) {
    const WilsonInterval got = wilson_interval(row.successes, row.trials);
    EXPECT_NEAR(got.lower, row.want_lower, 1e-6) << row.test;
    EXPECT_NEAR(got.upper, row.want_upper, 1e-6) << row.test;
  }
}

TEST(WilsonInterval, KnowsNothingWithoutTrials) {
  EXPECT_EQ(wilson_interval(0, 0), (WilsonInterval{0, 1}));
  EXPECT_EQ(wilson_interval(5, 0), (WilsonInterval{0, 1}));
  EXPECT_EQ(wilson_interval(0, -3), (WilsonInterval{0, 1}));
}

TEST(WilsonInterval, HoldsMoreSuccessesThanTrialsForAllOfThem) {
  EXPECT_EQ(wilson_interval(7, 3), wilson_interval(3, 3));
  EXPECT_EQ(wilson_interval(-1, 3), wilson_interval(0, 3));
}

TEST(WilsonInterval, HasExactEnds) {
  for (double trials = 1e-6; trials < 1e12; trials *= 3.7) {
    EXPECT_EQ(wilson_interval(0, trials).lower, 0) << trials;
    EXPECT_EQ(wilson_interval(trials, trials).upper, 1) << trials;
  }
}

TEST(WilsonInterval, NarrowsAroundTheShare) {
  double former = 1;
  for (double trials = 10; trials < 1e10; trials *= 10) {
    const WilsonInterval got = wilson_interval(trials / 5, trials);
    EXPECT_LT(got.lower, 0.2) << trials;
    EXPECT_GT(got.upper, 0.2) << trials;
    EXPECT_LT(got.upper - got.lower, former) << trials;
    former = got.upper - got.lower;
  }
}

}  // namespace
}  // namespace tecs
