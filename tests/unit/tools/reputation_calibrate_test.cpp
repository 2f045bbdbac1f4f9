#include "tools/reputation_calibrate.hpp"

#include <nlohmann/json.hpp>

#include "unit/tools/reputation_fixture.hpp"
#include "unit/verdicts/verdict_samples.hpp"
#include "verdicts/verdict_store.hpp"

namespace tecs {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// Ten connections with score -4.5, of which nobody complained; ten with 1.2, three of them complained about;
// one that brought nothing, one without a score, one of long ago.
class ReputationCalibrate : public ReputationCommandTest {
 protected:
  ReputationCalibrate() {
    std::vector<Verdict> verdicts;
    for (int i = 0; i < 10; ++i) verdicts.push_back(verdict(-4.5));
    for (int i = 0; i < 10; ++i) verdicts.push_back(verdict(1.2));
    for (std::size_t i = 10; i < 13; ++i) complained("a.example", 1, "", {verdicts[i].id});
    complained("a.example", 1, "", {verdicts[10].id});
    complained("a.example", 2);
    verdicts.push_back(verdict(9));
    verdicts.back().messages = 0;
    verdicts.push_back(verdict(9));
    verdicts.back().score.reset();
    verdicts.push_back(verdict(7));
    verdicts.back().time -= std::chrono::days{40};
    EXPECT_TRUE((*open_verdict_store(*StoreName::parse(store_), StoreMode::read_write))->write(verdicts));
  }

  Verdict verdict(double score) {
    Verdict made = test::numbered_verdict(++number_);
    made.time = std::chrono::floor<std::chrono::milliseconds>(clock_.now()) - std::chrono::hours{1};
    made.messages = 1;
    made.score = score;
    return made;
  }

 private:
  unsigned number_ = 100;
};

TEST_F(ReputationCalibrate, IsATableWithBars) {
  const Ran ran = reputation({"calibrate", "--since", "30d"});
  EXPECT_EQ(ran.code, ExitCode::ok);
  EXPECT_EQ(
      ran.out,
      "                                                         CAUGHT FROM   HERE ON\n"
      " SCORE  CONNECTIONS  COMPLAINED     SHARE         AT 95 %    COMPL.    OTHERS\n"
      "    -5           10           0    0.00 %    0.00-27.75 %   100.0 %   100.0 %  \n"
      "     1           10           3   30.00 %   10.78-60.32 %   100.0 %    41.2 %  ####################\n"
      "\n20 connections with mail, 3 of them complained about\n");
}

// What came an hour ago nobody can have complained about yet.
TEST_F(ReputationCalibrate, LeavesTheLastDaysOut) {
  const auto found =
      nlohmann::json::parse(reputation({"calibrate", "--until", "3d", "--format", "json"}).out);
  EXPECT_EQ(found["connections"], 1);
  EXPECT_EQ(found["bins"][0]["score"], 7);
}

TEST_F(ReputationCalibrate, IsForPrograms) {
  const auto found = nlohmann::json::parse(reputation({"calibrate", "--format", "json"}).out);
  EXPECT_EQ(found["connections"], 21);
  EXPECT_EQ(found["complained"], 3);
  ASSERT_EQ(found["bins"].size(), 3U);
  EXPECT_EQ(found["bins"][1]["score"], 1);
  EXPECT_EQ(found["bins"][1]["complained"], 3);
  EXPECT_EQ(found["bins"][1]["complained_caught"], 1);
  EXPECT_NEAR(found["bins"][1]["others_caught"].get<double>(), 8.0 / 18, 1e-12);
  EXPECT_EQ(found["bins"][2]["score"], 7);
  EXPECT_EQ(found["bins"][2]["complained_caught"], 0);
  EXPECT_THAT(reputation({"calibrate", "--since", "30d", "--format", "csv"}).out,
              StartsWith("score,connections,complained,share,share_lower,share_upper,complained_caught,"
                         "others_caught\r\n-5,10,0,0.000000,0.000000,0.277533,1.000000,1.000000\r\n"));
}

TEST_F(ReputationCalibrate, DrawsAPictureThatNeedsNothingElse) {
  const std::string file = path("calibration.svg");
  EXPECT_EQ(reputation({"calibrate", "--svg", file}).code, ExitCode::ok);
  const std::string picture = read(file);
  EXPECT_THAT(picture, StartsWith("<svg xmlns=\"http://www.w3.org/2000/svg\""));
  EXPECT_THAT(picture, HasSubstr("prefers-color-scheme:dark"));
  EXPECT_THAT(picture, HasSubstr("<title>score 1: 3 of 10 connections</title>"));
  EXPECT_THAT(picture, HasSubstr("<polyline class=\"c\""));
  for (const std::string never : {"<script", "href", "url(", "@import", "nan", "inf"})
    EXPECT_THAT(picture, Not(HasSubstr(never)));
}

TEST_F(ReputationCalibrate, IsEmptyWhereThereIsNothing) {
  const std::string file = path("calibration.svg");
  const Ran ran = reputation({"calibrate", "--since", "1s", "--svg", file});
  EXPECT_EQ(ran.code, ExitCode::ok);
  EXPECT_THAT(ran.out, HasSubstr("\n0 connections with mail, 0 of them complained about\n"));
  EXPECT_THAT(read(file), testing::EndsWith("</svg>\n"));
  EXPECT_THAT(reputation({"calibrate", "--since", "1s", "--format", "json"}).out, HasSubstr("\"bins\":[]"));
}

TEST_F(ReputationCalibrate, RefusesBadOptions) {
  EXPECT_THAT(reputation({"calibrate", "--format", "svg"}).err, HasSubstr("--format: table, json or csv"));
  EXPECT_THAT(reputation({"calibrate", "--since", "ever"}).err, HasSubstr("--since: "));
  EXPECT_THAT(reputation({"calibrate", "--until", "ever"}).err, HasSubstr("--until: "));
  EXPECT_EQ(reputation({"calibrate", "--svg", path("none/x.svg")}).code, ExitCode::cannot_create);
}

}  // namespace
}  // namespace tecs
