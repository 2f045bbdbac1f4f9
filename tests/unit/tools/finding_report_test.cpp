#include "tools/finding_report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

namespace tecs {
namespace {

using testing::HasSubstr;

Finding finding(Severity severity, const std::string& word) {
  return {severity, word, "smtp/inet", "It is so.", "It hurts.", "/etc/master.cf", 7, true, "-o a=b"};
}

struct Reported {
  ExitCode code;
  std::string text;
};

Reported report(const std::vector<Finding>& findings, ReportForm form = ReportForm::text) {
  std::ostringstream out;
  const ExitCode code = report_findings(findings, "/etc/postfix", form, out);
  return {code, out.str()};
}

TEST(FindingReport, AdviceAloneIsGood) {
  EXPECT_EQ(report({}).code, ExitCode::ok);
  EXPECT_EQ(report({finding(Severity::advice, "a")}).code, ExitCode::ok);
  EXPECT_EQ(report({finding(Severity::advice, "a"), finding(Severity::broken, "b")}).code, ExitCode::failed);
  EXPECT_EQ(report({finding(Severity::unsafe, "a")}).code, ExitCode::failed);
}

TEST(FindingReport, TheWorstComesFirst) {
  const std::string text = report({finding(Severity::advice, "first"), finding(Severity::unsafe, "second"),
                                   finding(Severity::broken, "third"), finding(Severity::unsafe, "fourth")})
                               .text;
  EXPECT_LT(text.find("second"), text.find("fourth"));
  EXPECT_LT(text.find("fourth"), text.find("third"));
  EXPECT_LT(text.find("third"), text.find("first"));
  EXPECT_THAT(text, HasSubstr("/etc/postfix: 2 unsafe, 1 broken, 1 advice. Do not let strangers"));
}

TEST(FindingReport, SaysWhereTheChangeBelongs) {
  struct Row {
    std::string name;
    unsigned line;
    bool replaces;
    std::string file;
    std::string want;
  };
  for (const Row& row : {Row{"in place of a line", 7, true, "/f", "    /f:7, change to:\n"},
                         Row{"below a line", 7, false, "/f", "    /f:7, add below:\n"},
                         Row{"anywhere in a file", 0, false, "/f", "    /f, add:\n"},
                         Row{"a command", 0, false, "", "    run:\n"}}) {
    SCOPED_TRACE(row.name);
    Finding one = finding(Severity::advice, "a");
    one.line = row.line;
    one.replaces = row.replaces;
    one.file = row.file;
    EXPECT_THAT(report({one}).text, HasSubstr(row.want + "        -o a=b\n"));
  }
}

// A configuration may hold what was copied from anywhere.
TEST(FindingReport, PrintsAsciiOnly) {
  Finding hostile = finding(Severity::unsafe, "a");
  hostile.subject = hostile.problem = hostile.reason = hostile.file = hostile.change =
      "\x1b]0;x\x07\xc3\xa4\x7f\n";
  for (const ReportForm form : {ReportForm::text, ReportForm::json}) {
    for (const char character : report({hostile}, form).text)
      EXPECT_TRUE(character == '\n' || (character >= 0x20 && character < 0x7f));
  }
}

TEST(FindingReport, JsonIsOneLine) {
  const std::string text = report({finding(Severity::broken, "a")}, ReportForm::json).text;
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
  const auto json = nlohmann::json::parse(text);
  EXPECT_EQ(json["checked"], "/etc/postfix");
  EXPECT_EQ(json["good"], false);
  EXPECT_EQ(json["broken"], 1);
  EXPECT_EQ(json["findings"][0]["finding"], "a");
  EXPECT_EQ(json["findings"][0]["line"], 7);
}

}  // namespace
}  // namespace tecs
