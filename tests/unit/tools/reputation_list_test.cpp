#include "tools/reputation_list.hpp"

#include "unit/tools/reputation_fixture.hpp"

namespace tecs {
namespace {

using testing::HasSubstr;

class ReputationList : public ReputationCommandTest {
 protected:
  ReputationList() {
    three_domains();
    reputation({"compute"});
  }
};

TEST_F(ReputationList, IsATable) {
  EXPECT_EQ(reputation({"list"}).out,
            "STATE    NUMBER  DOMAIN                            WHY\n"
            "bad      1.0000  bad.example                       complaints about 20.0 of 100.0 messages, at "
            "least 13.34 %\n"
            "good     0.0000  good.example                      complaints about 0.0 of 1000.0 messages, at "
            "most 0.38 %\n");
}

TEST_F(ReputationList, IsOfOneState) {
  EXPECT_THAT(reputation({"list", "--state", "BAD"}).out, HasSubstr("\nbad "));
  EXPECT_THAT(reputation({"list", "--state", "bad"}).out, testing::Not(HasSubstr("good.example")));
  EXPECT_EQ(reputation({"list", "--state", "medium", "--format", "json"}).out, "");
}

TEST_F(ReputationList, IsForPrograms) {
  EXPECT_EQ(reputation({"list", "--state", "good", "--format", "json"}).out,
            "{\"domain\":\"good.example\",\"state\":\"good\",\"number\":0.0,\"organizational\":true,"
            "\"reason\":\"complaints about 0.0 of 1000.0 messages, at most 0.38 %\"}\n");
  EXPECT_EQ(reputation({"list", "--state", "good", "--format", "csv"}).out,
            "domain,state,number,organizational,reason\r\n"
            "good.example,good,0.0000,true,\"complaints about 0.0 of 1000.0 messages, at most 0.38 %\"\r\n");
}

TEST_F(ReputationList, HasNoNumberOfWhatWasDecidedByHand) {
  reputation({"set", "bad.example", "good", "--note", "x"});
  EXPECT_THAT(reputation({"list"}).out,
              HasSubstr("\ngood     -       bad.example                       by hand: x\n"));
  EXPECT_THAT(
      reputation({"list", "--format", "json"}).out,
      HasSubstr("\"state\":\"good\",\"number\":null,\"organizational\":true,\"reason\":\"by hand: x\""));
  EXPECT_THAT(reputation({"list", "--format", "csv"}).out,
              HasSubstr("bad.example,good,-,true,\"by hand: x\"\r\n"));
}

TEST_F(ReputationList, RefusesBadOptions) {
  EXPECT_THAT(reputation({"list", "--format", "xml"}).err, HasSubstr("--format: table, json or csv"));
  EXPECT_THAT(reputation({"list", "--state", "ugly"}).err,
              HasSubstr("--state: good, medium, bad or unknown"));
  EXPECT_EQ(reputation({"list", "--state", "ugly"}).code, ExitCode::usage);
}

}  // namespace
}  // namespace tecs
