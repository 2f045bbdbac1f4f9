#include "verdicts/score_calibration.hpp"

#include <gmock/gmock.h>

#include "unit/verdicts/reputation_store.hpp"
#include "unit/verdicts/verdict_samples.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;

class CalibratedScores : public test::ReputationStore {
 protected:
  std::string write(std::optional<double> score, std::uint32_t messages = 1, Verdict::Time time = now) {
    Verdict verdict = test::numbered_verdict(++number_);
    verdict.time = time;
    verdict.score = score;
    verdict.messages = messages;
    EXPECT_TRUE(verdict_store().write({&verdict, 1}));
    return verdict.id;
  }

  void complain_about(const std::string& verdict, const std::string& status = "counted") {
    complaints("a.example", "a.example", 1, days{0}, status);
    change("UPDATE complaints SET verdict = $1 WHERE verdict = ''", {verdict});
  }

  ScoreCalibration calibrate(std::optional<Verdict::Time> since = {},
                             std::optional<Verdict::Time> until = {}) {
    return calibrate_scores(database(), since, until).value();
  }

 private:
  unsigned number_ = 0;
};
INSTANTIATE_TEST_SUITE_P(Engines, CalibratedScores, test::both_engines, test::engine_name);

TEST_P(CalibratedScores, AreNoneInAnEmptyStore) {
  EXPECT_EQ(calibrate(), ScoreCalibration{});
}

TEST_P(CalibratedScores, AreSortedIntoBins) {
  for (const double score : {-4.0, -3.5, 0.0, 0.999, 1.0, 1.2}) write(score);
  complain_about(write(0.5));
  complain_about(write(5.5));
  const ScoreCalibration got = calibrate();
  EXPECT_EQ(got.connections, 8U);
  EXPECT_EQ(got.complained, 2U);
  ASSERT_EQ(got.bins.size(), 4U);
  EXPECT_EQ(got.bins[0], (CalibrationBin{-4, 2, 0, wilson_interval(0, 2), 1, 1}));
  EXPECT_EQ(got.bins[1], (CalibrationBin{0, 3, 1, wilson_interval(1, 3), 1, 4.0 / 6}));
  EXPECT_EQ(got.bins[2], (CalibrationBin{1, 2, 0, wilson_interval(0, 2), 0.5, 2.0 / 6}));
  EXPECT_EQ(got.bins[3], (CalibrationBin{5, 1, 1, wilson_interval(1, 1), 0.5, 0}));
}

TEST_P(CalibratedScores, AreThoseOfConnectionsThatBroughtMail) {
  write(1);
  write(1, 0);
  write(std::nullopt);
  EXPECT_EQ(calibrate().connections, 1U);
}

TEST_P(CalibratedScores, AreComplainedAboutOnceAConnection) {
  const std::string twice = write(1, 5);
  complain_about(twice);
  complain_about(twice);
  complain_about(write(1), "forged");
  complain_about("not-in-this-store");
  complaints("a.example", "a.example", 3);
  const ScoreCalibration got = calibrate();
  EXPECT_EQ(got.connections, 2U);
  EXPECT_EQ(got.complained, 1U);
}

TEST_P(CalibratedScores, AreThoseSinceATime) {
  write(1, 1, now - 1h);
  write(2, 1, now);
  EXPECT_EQ(calibrate(now).connections, 1U);
  EXPECT_EQ(calibrate(now - 1h).connections, 2U);
  EXPECT_THAT(calibrate(now + 1ms).bins, IsEmpty());
}

TEST_P(CalibratedScores, AreThoseBeforeATime) {
  write(1, 1, now - 1h);
  write(2, 1, now);
  EXPECT_EQ(calibrate({}, now).connections, 1U);
  EXPECT_EQ(calibrate({}, now + 1ms).connections, 2U);
  EXPECT_EQ(calibrate(now - 1h, now).connections, 1U);
  EXPECT_THAT(calibrate({}, now - 1h).bins, IsEmpty());
}

}  // namespace
}  // namespace tecs
