#include "tools/reputation_show.hpp"

#include <nlohmann/json.hpp>

#include "unit/tools/reputation_fixture.hpp"

namespace tecs {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class ReputationShow : public ReputationCommandTest {
 protected:
  nlohmann::json json(const std::string& domain, const std::string& form = "json") {
    return nlohmann::json::parse(reputation({"show", domain, "--format", form}).out);
  }
};

TEST_F(ReputationShow, ExplainsTheNumberTermByTerm) {
  three_domains();
  reputation({"compute"});
  const Ran ran = reputation({"show", "bad.example"});
  EXPECT_EQ(ran.code, ExitCode::ok);
  EXPECT_EQ(ran.out,
            "domain:       bad.example\n"
            "state:        bad\n"
            "why:          complaints about 20.0 of 100.0 messages, at least 13.34 %\n"
            "number:       1.0000, from 0 (best) to 1 (worst)\n"
            "\n"
            "Evidence of all its domains, each day's counts by their weight, which halves every 30d:\n"
            "  passed:     100.0 connections with 100.0 messages\n"
            "  failed:     0.0 connections\n"
            "  replayed:   0.0 connections\n"
            "  complaints: 20.0, a share of 13.34 % to 28.88 % of all messages (at 95 %)\n"
            "  first pass: 2006-10-30, 100 days ago\n"
            "\n"
            "Terms of the number:\n"
            "  complaints: 1.0000  13.34 % of 3.00 %, the bad rate; at most 1\n"
            "  failures:   0.0000  0.0 of 100.0 connections, times 0.0500\n"
            "  replays:    0.0000  0.0 of 100.0 connections, times 0.1000\n"
            "  youth:      0.0000  0.0d of 90d are still to pass, times 0.1000\n"
            "\n"
            "What would change it:\n"
            "  nothing more: unknown from 2007-06-28 on\n"
            "  2983 more messages now, and no complaint: good\n"
            "\n"
            "The table 'reputation' says bad.\n");
}

TEST_F(ReputationShow, SaysWhenNothingIsKnown) {
  const Ran ran = reputation({"show", "nobody.example"});
  EXPECT_EQ(ran.code, ExitCode::failed);
  EXPECT_EQ(ran.out, "Nothing is known of nobody.example: no connection of it passed, nobody complained.\n");
  EXPECT_EQ(json("nobody.example")["known"], false);
  EXPECT_EQ(reputation({"show", "nobody.example", "--format", "reputon"}).out,
            "{\"application\":\"email-id\",\"reputons\":[]}\n");
}

TEST_F(ReputationShow, TellsWhatReceiversTakeInstead) {
  known("mail.example.com", 1000, "example.com");
  known("new.example.com", 3, "example.com");
  reputation({"compute"});
  EXPECT_THAT(reputation({"show", "new.example.com"}).out,
              HasSubstr("The table 'reputation' says nothing of it; receivers take what it says of "
                        "example.com: good.\n"));
  EXPECT_THAT(reputation({"show", "other.example.com"}).out,
              HasSubstr("Receivers take what is known of example.com: good.\n"));
  EXPECT_THAT(reputation({"show", "mail.example.com"}).out, Not(HasSubstr("Evidence of all its domains")));
}

TEST_F(ReputationShow, TellsWhenTheTableIsBehind) {
  three_domains();
  EXPECT_THAT(reputation({"show", "bad.example"}).out,
              HasSubstr("says nothing of it.\n'tecs reputation compute' will change that.\n"));
}

TEST_F(ReputationShow, TellsWhatWasDecidedByHand) {
  three_domains();
  reputation({"set", "bad.example", "good", "--note", "they mended it", "--for", "30d"});
  EXPECT_THAT(reputation({"show", "bad.example"}).out,
              StartsWith("domain:       bad.example\n"
                         "state:        good\n"
                         "by hand:      they mended it (2007-02-07)\n"
                         "until:        2007-03-09T00:00:10.000Z\n"
                         "formula:      bad\n"));
  const auto found = json("bad.example");
  EXPECT_EQ(found["state"], "good");
  EXPECT_EQ(found["formula"]["state"], "bad");
  EXPECT_EQ(found["override"]["note"], "they mended it");
}

TEST_F(ReputationShow, TellsOfComplaintsWithoutVerdicts) {
  complained("elsewhere.example", 5);
  const std::string text = reputation({"show", "elsewhere.example"}).out;
  EXPECT_THAT(text, HasSubstr("state:        bad\n"));
  EXPECT_THAT(
      text,
      HasSubstr("  volume:     fewer messages than complaints: the store lacks verdicts of who complains\n"));
  EXPECT_THAT(text, HasSubstr("first pass: never\n"));
}

TEST_F(ReputationShow, HasAllFiguresInJson) {
  three_domains();
  const auto found = json("bad.example");
  EXPECT_EQ(found["domain"], "bad.example");
  EXPECT_EQ(found["known"], true);
  EXPECT_EQ(found["organizational"], true);
  EXPECT_TRUE(found["override"].is_null());
  EXPECT_TRUE(found["kept"].is_null());
  EXPECT_EQ(found["evidence"]["complaints"], 20);
  EXPECT_EQ(found["evidence"]["days_since_first_pass"], 100);
  ASSERT_EQ(found["days"].size(), 1U);
  EXPECT_EQ(found["days"][0]["day"], "2007-02-07");
  EXPECT_EQ(found["days"][0]["weight"], 1);
  double sum = 0;
  for (const auto& term : found["formula"]["terms"]) sum += term.get<double>();
  EXPECT_EQ(found["formula"]["number"], std::min(sum, 1.0));
  EXPECT_EQ(found["outlook"]["without_evidence"]["state"], "unknown");
  EXPECT_TRUE(found["outlook"]["complaints_to_bad"].is_null());
}

// RFC 7071 section 6.1, as RFC 8610 appendix H writes it down: which members there may be, and their types.
TEST_F(ReputationShow, HasTheFormOfAReputon) {
  three_domains();
  const auto found = json("bad.example", "reputon");
  EXPECT_EQ(found.size(), 2U);
  EXPECT_EQ(found["application"], "email-id");
  ASSERT_TRUE(found["reputons"].is_array());
  ASSERT_EQ(found["reputons"].size(), 1U);
  const auto& reputon = found["reputons"][0];
  EXPECT_EQ(reputon["rater"], "localhost");
  EXPECT_EQ(reputon["assertion"], "spam");
  EXPECT_EQ(reputon["rated"], "bad.example");
  EXPECT_EQ(reputon["rating"].get<double>(), 1);
  EXPECT_NEAR(reputon["confidence"].get<double>(), 1 - (0.2888 - 0.1334), 1e-3);
  EXPECT_TRUE(reputon["sample-size"].is_number_unsigned());
  EXPECT_EQ(reputon["sample-size"], 100);
  EXPECT_EQ(reputon["generated"], 1170806410);
  EXPECT_EQ(reputon["expires"], 1170806400 + 86400);
  EXPECT_EQ(reputon.size(), 8U);
}

// What was decided by hand is what receivers are told, so it is what a reputon says.
TEST_F(ReputationShow, HasAReputonOfTheDecision) {
  three_domains();
  struct Row {
    std::string domain, state;
    std::optional<double> want;
  };
  for (const Row& row : {Row{"good.example", "bad", 1}, Row{"bad.example", "good", 0},
                         Row{"nobody.example", "medium", 0.5}, Row{"bad.example", "unknown", std::nullopt}}) {
    reputation({"set", row.domain, row.state, "--note", "x", "--for", "2h"});
    const auto reputons = json(row.domain, "reputon")["reputons"];
    ASSERT_EQ(reputons.size(), row.want ? 1U : 0U) << row.state;
    if (!row.want) continue;
    EXPECT_EQ(reputons[0]["rating"].get<double>(), *row.want);
    EXPECT_EQ(reputons[0]["expires"], 1170806410 + 7200);
    EXPECT_FALSE(reputons[0].contains("sample-size"));
    EXPECT_FALSE(reputons[0].contains("confidence"));
  }
  reputation({"set", "good.example", "bad", "--note", "x", "--for", "30d"});
  EXPECT_EQ(json("good.example", "reputon")["reputons"][0]["expires"], 1170806400 + 86400);
}

TEST_F(ReputationShow, TellsOfComplaintsThatNobodyConfirms) {
  known("innocent.example", 5);
  complained("innocent.example", 3);
  change("UPDATE complaints SET destination = '192.0.2.25:25'");
  const std::string text = reputation({"show", "innocent.example"}).out;
  EXPECT_THAT(text, HasSubstr("state:        unknown\n"));
  EXPECT_THAT(text,
              HasSubstr("  unsure:     3.0 complaints count for the higher share only: no verdict here, "
                        "and mail to 1 of 2 networks\n"));
  EXPECT_EQ(json("innocent.example")["evidence"]["confirmed_complaints"], 0);
  EXPECT_THAT(reputation({"show", "innocent.example", "--minimum-destinations", "1"}).out,
              HasSubstr("state:        bad\n"));
}

TEST_F(ReputationShow, RefusesBadOptions) {
  EXPECT_EQ(reputation({"show"}).code, ExitCode::usage);
  EXPECT_THAT(reputation({"show"}).err, HasSubstr("a domain is missing"));
  EXPECT_THAT(reputation({"show", "a.example", "--format", "xml"}).err,
              HasSubstr("--format: text, json or reputon"));
  EXPECT_THAT(reputation({"show", "a_b.example"}).err, HasSubstr("not a domain name"));
}

}  // namespace
}  // namespace tecs
