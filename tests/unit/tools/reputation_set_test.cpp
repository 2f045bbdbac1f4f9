#include "tools/reputation_set.hpp"

#include "tools/reputation_unset.hpp"
#include "unit/tools/reputation_fixture.hpp"

namespace tecs {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class ReputationSet : public ReputationCommandTest {};

TEST_F(ReputationSet, HoldsAtOnceAndUntilItIsUnset) {
  three_domains();
  reputation({"compute"});
  const Ran set = reputation({"set", "good.example", "bad", "--note", "sold to a spammer"});
  EXPECT_EQ(set.code, ExitCode::ok);
  EXPECT_EQ(set.out, "good.example good bad\n");
  EXPECT_EQ(set.err, "");
  EXPECT_EQ(reputation({"compute"}).out, "");
  EXPECT_THAT(reputation({"list", "--state", "bad", "--format", "csv"}).out,
              HasSubstr("good.example,bad,-,true,\"by hand: sold to a spammer\"\r\n"));
  const Ran unset = reputation({"unset", "good.example"});
  EXPECT_EQ(unset.code, ExitCode::ok);
  EXPECT_EQ(unset.out, "good.example bad good\n");
  const Ran again = reputation({"unset", "good.example"});
  EXPECT_EQ(again.code, ExitCode::failed);
  EXPECT_EQ(again.out, "");
  EXPECT_EQ(again.err, "nothing was set for good.example\n");
}

TEST_F(ReputationSet, CanBeForSomeTime) {
  const Ran ran = reputation({"set", "Other.EXAMPLE", "Medium", "--note", "watch it", "--for", "30d"});
  EXPECT_EQ(ran.out, "other.example unknown medium\n");
  EXPECT_EQ(ran.err, "until 2007-03-09T00:00:10.000Z\n");
}

TEST_F(ReputationSet, OfUnknownIsKeptToo) {
  const Ran ran = reputation({"set", "other.example", "unknown", "--note", "let it try again"});
  EXPECT_EQ(ran.out, "");
  EXPECT_EQ(ran.err, "other.example is unknown, as it was before\n");
  EXPECT_THAT(reputation({"list"}).out, HasSubstr("unknown  -       other.example "));
}

TEST_F(ReputationSet, TakesItsWordsByNameToo) {
  EXPECT_EQ(reputation({"set", "--note", "x", "--state", "bad", "--domain", "a.example"}).out,
            "a.example unknown bad\n");
  EXPECT_EQ(reputation({"set", "b.example", "--state", "bad", "--note", "x"}).out, "b.example unknown bad\n");
}

TEST_F(ReputationSet, KeepsNotesFitForATerminal) {
  reputation({"set", "a.example", "bad", "--note", "\x1b]0;x\x07"});
  EXPECT_THAT(reputation({"show", "a.example"}).out, HasSubstr("by hand:      \\x1B]0;x\\x07 ("));
}

TEST_F(ReputationSet, RefusesWhatMakesNoSense) {
  struct Row {
    std::vector<std::string> words;
    std::string want;
  };
  for (const Row& row : {
           Row{{"set"}, "a domain is missing"},
           Row{{"set", "example", "bad", "--note", "x"}, "not a domain name of two labels or more"},
           Row{{"set", "a.example", "--note", "x"}, "one of good, medium, bad and unknown"},
           Row{{"set", "a.example", "worst", "--note", "x"}, "one of good, medium, bad and unknown"},
           Row{{"set", "a.example", "bad"}, "--note: say why"},
           Row{{"set", "a.example", "bad", "--note", ""}, "--note: "},
           Row{{"set", "a.example", "bad", "--note", "x", "--for", "ever"}, "not a duration"},
           Row{{"set", "a.example", "bad", "good", "--note", "x"}, "unexpected argument"},
           Row{{"unset"}, "a domain is missing"},
           Row{{"unset", "a_example"}, "not a domain name"},
       }) {
    const Ran ran = reputation(row.words);
    EXPECT_EQ(ran.code, ExitCode::usage) << row.want;
    EXPECT_THAT(ran.err, StartsWith("tecs reputation " + row.words.front() + ": "));
    EXPECT_THAT(ran.err, HasSubstr(row.want));
    EXPECT_EQ(ran.out, "");
  }
  EXPECT_EQ(reputation({"list", "--format", "json"}).out, "");
}

}  // namespace
}  // namespace tecs
