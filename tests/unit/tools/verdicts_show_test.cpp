#include "tools/verdicts_show.hpp"

#include "unit/tools/verdicts_fixture.hpp"
#include "verdicts/verdict_fields.hpp"
#include "verdicts/verdict_json.hpp"

namespace tecs {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class VerdictsShow : public VerdictsTest {
 protected:
  Ran show(std::vector<std::string> more) {
    more.insert(more.begin(), "show");
    return verdicts(more);
  }
};

TEST_F(VerdictsShow, PrintsEachField) {
  const Ran ran = show({"0190163d-8694-739b-aea5-000000000001"});
  EXPECT_EQ(ran.code, ExitCode::ok);
  EXPECT_EQ(ran.err, "");
  for_each_field([&](const auto& field) {
    const std::string begin = (field.name == "id" ? "" : "\n") + std::string(field.name) + ":";
    EXPECT_THAT(ran.out, HasSubstr(begin));
  });
  for (const std::string line :
       {"time:                  2007-02-06T23:59:10.000Z", "result:                pass",
        "reason:                -", "organizational_domain: jgc.org", "dnssec:                yes",
        "key_bits:              2048", "epoch:                 1767225600 (2026-01-01T00:00:00.000Z)",
        "epoch_offset:          -30 s", "score:                 10.2", "bytes:                 5000000000",
        "duration:              1234567 us"})
    EXPECT_THAT(ran.out, HasSubstr("\n" + line + "\n"));
}

TEST_F(VerdictsShow, WhatIsAbsentIsAHyphen) {
  Verdict verdict = aged(7, std::chrono::seconds{1});
  verdict.score.reset();
  verdict.epoch.reset();
  verdict.epoch_offset.reset();
  write({verdict});
  const std::string out = show({verdict.id}).out;
  for (const std::string name : {"score:        ", "epoch:        ", "epoch_offset: "})
    EXPECT_THAT(out, HasSubstr("\n" + name + "         -\n"));
}

TEST_F(VerdictsShow, JsonIsThatOfTheStore) {
  const Ran ran = show({"0190163d-8694-739b-aea5-000000000002", "--json"});
  const auto verdict = parse_json(ran.out);
  ASSERT_TRUE(verdict);
  EXPECT_EQ(verdict->id, "0190163d-8694-739b-aea5-000000000002");
  EXPECT_EQ(verdict->domain, "example.org");
}

TEST_F(VerdictsShow, TheBeginningIsEnoughIfItIsOnlyOnes) {
  Verdict other = aged(4, std::chrono::seconds{1});
  other.id = "0190163e-8694-739b-aea5-000000000004";
  write({other});
  EXPECT_THAT(show({"0190163E"}).out,
              StartsWith("id:                    0190163e-8694-739b-aea5-000000000004\n"));
  const Ran several = show({"0190163d-86"});
  EXPECT_EQ(several.code, ExitCode::data_error);
  EXPECT_EQ(several.out, "");
  EXPECT_EQ(several.err,
            "tecs verdicts show: several verdicts begin so, say more of the one:\n"
            "  0190163d-8694-739b-aea5-000000000001  2007-02-06T23:59:10.000Z  mail.jgc.org\n"
            "  0190163d-8694-739b-aea5-000000000002  2007-02-06T22:00:10.000Z  example.org\n"
            "  0190163d-8694-739b-aea5-000000000003  2007-02-05T00:00:10.000Z  -\n");
  write({aged(5, {}), aged(6, {}), aged(8, {})});
  EXPECT_THAT(show({"0190163d-86"}).err, testing::EndsWith("\n  and more\n"));
}

TEST_F(VerdictsShow, SaysWhichIsNotThere) {
  const Ran ran = show({"0190163d-8694-739b-aea5-000000000009"});
  EXPECT_EQ(ran.code, ExitCode::data_error);
  EXPECT_EQ(ran.err,
            "tecs verdicts show: there is no verdict 0190163d-8694-739b-aea5-000000000009 in this store\n");
}

TEST_F(VerdictsShow, RefusesWhatIsNoId) {
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {}, {"0190163"}, {"0190163d%"}, {"' OR 1=1 --"}, {"0190163d-8694-739b-aea5-0000000000011"}}) {
    const Ran ran = show(words);
    EXPECT_EQ(ran.code, ExitCode::usage);
    EXPECT_EQ(ran.out, "");
    EXPECT_THAT(ran.err, StartsWith("tecs verdicts show: say the id of a verdict, or at least its first 8 "));
  }
}

TEST_F(VerdictsShow, AStrangersTextCannotReachTheTerminal) {
  Verdict hostile = aged(4, {});
  hostile.id = "0190163f-8694-739b-aea5-000000000004";
  hostile.helo = hostile.domain = hostile.detail = "\x1b]0;title\x07\xc2\x9b\x7f\n";
  write({hostile});
  for (const std::string option : {"--verdict", "--json"}) {
    const Ran ran = option == "--json" ? show({hostile.id, option}) : show({option, hostile.id});
    EXPECT_EQ(ran.code, ExitCode::ok);
    for (const char character : ran.out)
      EXPECT_TRUE(character == '\n' || (character >= 0x20 && character < 0x7f));
  }
}

}  // namespace
}  // namespace tecs
