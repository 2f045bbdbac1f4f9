#include "tools/verdict_table.hpp"

#include <gtest/gtest.h>

#include <sstream>
#include <vector>

#include "unit/verdicts/verdict_samples.hpp"

namespace tecs {
namespace {

using test::full_verdict;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::string row(const Verdict& verdict) {
  std::ostringstream out;
  VerdictTable(out).print(verdict);
  return lines_of(out.str()).at(1);
}

Verdict passed() {
  Verdict verdict = full_verdict();
  verdict.result = Result::pass;
  verdict.reason.clear();
  verdict.testing = false;
  verdict.score = -5.2;
  verdict.action = "accept";
  verdict.mode = "enforce";
  return verdict;
}

TEST(VerdictTable, ReadsAtAGlance) {
  std::ostringstream out;
  VerdictTable table(out);
  Verdict pass = passed();
  pass.client = "192.0.2.1:40213";
  table.print(pass);
  Verdict none = full_verdict();
  none.result = Result::none;
  none.domain.clear();
  none.score.reset();
  none.action.clear();
  table.print(none);
  Verdict fail = full_verdict();
  fail.testing = false;
  table.print(fail);
  table.print_summary();
  EXPECT_EQ(
      out.str(),
      "TIME (UTC)          RESULT    DOMAIN             CLIENT          SCORE ACTION     REMARK\n"
      "2026-01-01 00:00:00 pass      mail.jgc.org       192.0.2.1        -5.2 accept     rsa 2048 dnssec\n"
      "2026-01-01 00:00:00 none      -                  2001:db8::7     -     -          helo mail.jgc.org\n"
      "2026-01-01 00:00:00 fail      mail.jgc.org       2001:db8::7      10.2 (reject)   signature-mismatch\n"
      "\n"
      "3 verdicts: 1 none, 1 pass, 1 fail\n");
}

TEST(VerdictTable, AnEmptyOneSaysSo) {
  std::ostringstream out;
  const VerdictTable table(out);
  table.print_summary();
  EXPECT_EQ(lines_of(out.str()).back(), "0 verdicts");
}

TEST(VerdictTable, RemarksSayWhatMatters) {
  Verdict verdict = passed();
  verdict.dnssec = false;
  EXPECT_EQ(row(verdict).substr(82), "rsa 2048");
  verdict.algorithm = "ed25519-sha256";
  verdict.testing = true;
  EXPECT_EQ(row(verdict).substr(82), "t=y ed25519");
  EXPECT_EQ(row(full_verdict()).substr(82), "t=y signature-mis~");
  verdict.result = Result::none;
  verdict.helo.clear();
  EXPECT_EQ(row(verdict).substr(82), "-");
}

TEST(VerdictTable, IsNeverWiderThanAHundredColumns) {
  Verdict verdict = full_verdict();
  verdict.domain = "a.very.long.domain.name.of.customer.example.org";
  verdict.client = "[2001:db8:1111:2222:3333:4444:5555:6666]:40213";
  verdict.reason = "a-reason-that-is-longer-than-all-we-have";
  EXPECT_EQ(
      row(verdict),
      "2026-01-01 00:00:00 fail      ~tomer.example.org 2001:db8:1111:~  10.2 (reject)   t=y a-reason-that~");
  EXPECT_EQ(row(verdict).size(), 100U);
  verdict.result = Result::none;
  verdict.helo = "a.very.long.domain.name.of.customer.example.org";
  EXPECT_EQ(row(verdict).substr(82), "helo a.very.long.~") << "what a HELO begins with says most";
}

TEST(VerdictTable, ScoresKeepToTheirColumn) {
  Verdict verdict = full_verdict();
  for (const auto& [score, want] : std::vector<std::pair<double, std::string>>{
           {0, "  0.0"}, {-0.25, " -0.2"}, {-12.5, "-12.5"}, {999.96, "1000~"}, {1e300, "large"}}) {
    verdict.score = score;
    EXPECT_EQ(row(verdict).substr(65, 5), want);
  }
}

TEST(VerdictTable, ShowsAClientWithoutPortAsItIs) {
  Verdict verdict = full_verdict();
  verdict.client = "192.0.2.1";
  EXPECT_EQ(row(verdict).substr(49, 15), "192.0.2.1      ");
}

TEST(VerdictTable, AStrangersTextCannotReachTheTerminal) {
  Verdict verdict = full_verdict();
  verdict.result = Result::none;
  verdict.helo = "\x1b]0;owned\x07\n\xc2\x9b";
  verdict.domain = "a\r.org";
  verdict.client = "\x1b[2J";
  std::ostringstream out;
  VerdictTable(out).print(verdict);
  EXPECT_EQ(lines_of(out.str()).size(), 2U);
  EXPECT_EQ(
      lines_of(out.str()).at(1),
      "2026-01-01 00:00:00 none      a?.org             ?[2J             10.2 (reject)   helo ?]0;owned????");
}

}  // namespace
}  // namespace tecs
