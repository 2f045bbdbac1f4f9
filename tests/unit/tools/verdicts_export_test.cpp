#include "tools/verdicts_export.hpp"

#include "unit/tools/verdicts_fixture.hpp"
#include "verdicts/verdict_json.hpp"

namespace tecs {
namespace {

using testing::StartsWith;

class VerdictsExport : public VerdictsTest {
 protected:
  Ran exported(std::vector<std::string> more) {
    more.insert(more.begin(), "export");
    return verdicts(more);
  }
  static std::string numbers(const std::string& lines) {
    std::istringstream in(lines);
    std::string found;
    for (std::string line; std::getline(in, line);) found += parse_json(line)->id.back();
    return found;
  }
};

TEST_F(VerdictsExport, TheOldestIsTheFirst) {
  const Ran ran = exported({});
  EXPECT_EQ(ran.code, ExitCode::ok) << ran.err;
  EXPECT_EQ(ran.err, "");
  EXPECT_EQ(numbers(ran.out), "321");
  EXPECT_EQ(exported({"--format", "jsonl"}).out, ran.out);
}

TEST_F(VerdictsExport, HasAllFields) {
  const auto verdict = parse_json(exported({"--result", "pass"}).out);
  ASSERT_TRUE(verdict);
  Verdict want = aged(1, std::chrono::minutes{1});
  want.result = Result::pass;
  want.reason.clear();
  EXPECT_EQ(*verdict, want);
}

TEST_F(VerdictsExport, Selects) {
  EXPECT_EQ(numbers(exported({"--since", "1d"}).out), "21");
  EXPECT_EQ(numbers(exported({"--until", "1h"}).out), "32");
  EXPECT_EQ(numbers(exported({"--receiver", "mx2.example.net"}).out), "2");
}

TEST_F(VerdictsExport, AFileIsReplaced) {
  const std::string out = exported({}).out;
  write("out.jsonl", "before");
  const Ran ran = exported({"--out", path("out.jsonl")});
  EXPECT_EQ(ran.code, ExitCode::ok) << ran.err;
  EXPECT_EQ(ran.out + ran.err, "");
  EXPECT_EQ(read(path("out.jsonl")), out);
}

TEST_F(VerdictsExport, RefusesWhatCannotBeWritten) {
  const Ran ran = exported({"--out", path("no/folder")});
  EXPECT_EQ(ran.code, ExitCode::cannot_create);
  EXPECT_THAT(ran.err, StartsWith("tecs verdicts export: " + path("no/folder")));
  EXPECT_THAT(exported({"--format", "csv"}).err, StartsWith("tecs verdicts export: --format: jsonl\n"));
}

}  // namespace
}  // namespace tecs
