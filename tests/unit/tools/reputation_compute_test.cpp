#include "tools/reputation_compute.hpp"

#include "unit/tools/reputation_fixture.hpp"

namespace tecs {
namespace {

using testing::HasSubstr;
using testing::Not;

class ReputationCompute : public ReputationCommandTest {};

TEST_F(ReputationCompute, PrintsWhatChanged) {
  three_domains();
  const Ran first = reputation({"compute"});
  EXPECT_EQ(first.code, ExitCode::ok);
  EXPECT_EQ(first.out, "bad.example unknown bad\ngood.example unknown good\n");
  EXPECT_EQ(first.err, "3 assessed: 1 good, 0 medium, 1 bad, the others unknown; 2 changed\n");
  const Ran second = reputation({"compute"});
  EXPECT_EQ(second.out, "");
  EXPECT_EQ(second.err, "3 assessed: 1 good, 0 medium, 1 bad, the others unknown; 0 changed\n");
}

TEST_F(ReputationCompute, CanLookWithoutChanging) {
  three_domains();
  for (int twice = 0; twice < 2; ++twice) {
    const Ran ran = reputation({"compute", "--dry-run"});
    EXPECT_EQ(ran.out, "bad.example unknown bad\ngood.example unknown good\n");
    EXPECT_THAT(ran.err, HasSubstr("; 2 would change\n"));
  }
}

TEST_F(ReputationCompute, GoesByItsRules) {
  three_domains();
  EXPECT_EQ(reputation({"compute", "--bad-rate", "0.2", "--minimum-volume", "100", "--dry-run"}).out,
            "bad.example unknown medium\ngood.example unknown good\n");
  EXPECT_EQ(reputation({"compute", "--minimum-complaints", "21", "--dry-run"}).out,
            "good.example unknown good\n");
}

// As after half a restore.
TEST_F(ReputationCompute, DoesNotEmptyTheTableOfAStoreWithoutEvidence) {
  three_domains();
  reputation({"set", "hand.example", "medium", "--note", "x"});
  reputation({"compute"});
  for (const std::string table : {"verdicts_daily", "known_domains", "complaints"})
    change("DELETE FROM " + table);
  const Ran ran = reputation({"compute"});
  EXPECT_EQ(ran.code, ExitCode::data_error);
  EXPECT_EQ(ran.out, "");
  EXPECT_THAT(ran.err, HasSubstr("a table 'reputation' with 2 domains that would be left with none"));
  EXPECT_THAT(reputation({"list"}).out, HasSubstr("good.example"));
  EXPECT_EQ(reputation({"compute", "--force"}).out, "bad.example bad unknown\ngood.example good unknown\n");
  EXPECT_EQ(reputation({"compute"}).code, ExitCode::ok);
}

// Where all is decided by hand, nothing is lost when the time of a decision is over.
TEST_F(ReputationCompute, ForgetsWhatWasDecidedByHand) {
  reputation({"set", "hand.example", "medium", "--note", "x"});
  change("UPDATE reputation_overrides SET expires = time");
  EXPECT_EQ(reputation({"compute"}).out, "hand.example medium unknown\n");
}

TEST_F(ReputationCompute, ForgetsOldComplaints) {
  three_domains();
  change("UPDATE complaints SET status = 'forged', time = $1 WHERE id = 'complaint-1'", {moment(31)});
  change("UPDATE complaints SET time = $1 WHERE id = 'complaint-2'", {moment(731)});
  change("UPDATE complaints SET time = $1 WHERE id = 'complaint-3'", {moment(729)});
  EXPECT_THAT(reputation({"compute", "--dry-run"}).err, Not(HasSubstr("forgotten")));
  EXPECT_THAT(reputation({"compute"}).err, HasSubstr("\n2 old complaints forgotten\n"));
  EXPECT_THAT(reputation({"compute"}).err, Not(HasSubstr("forgotten")));
}

TEST_F(ReputationCompute, NeedsAStore) {
  const Ran ran = run({"reputation", "compute", "--store", "sqlite:" + path("none.db")});
  EXPECT_EQ(ran.code, ExitCode::no_input);
  EXPECT_THAT(ran.err, HasSubstr(path("none.db")));
  EXPECT_FALSE(std::filesystem::exists(path("none.db")));
}

// As somebody with a pen in the store may have written it.
TEST_F(ReputationCompute, PrintsDomainsAsAscii) {
  known("\x1b]0;title\x07.example", 1000);
  EXPECT_EQ(reputation({"compute"}).out, "?]0;title?.example unknown good\n");
}

}  // namespace
}  // namespace tecs
