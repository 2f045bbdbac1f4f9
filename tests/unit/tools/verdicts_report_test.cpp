#include "tools/verdicts_report.hpp"

#include "unit/tools/verdicts_fixture.hpp"
#include "unit/verdicts/rollup_check.hpp"
#include "verdicts/verdict_database.hpp"

namespace tecs {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class VerdictsReport : public VerdictsTest {
 protected:
  // The page, from standard output.
  std::string page(std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"report", "--html", "-"});
    const Ran ran = verdicts(more);
    EXPECT_EQ(ran.code, ExitCode::ok) << ran.err;
    EXPECT_EQ(ran.err, "");
    return ran.out;
  }
  void prune(const std::string& age) {
    pause_ = [](std::chrono::milliseconds) { return true; };
    EXPECT_EQ(verdicts({"prune", "--older-than", age}).code, ExitCode::ok);
  }
  void change(const std::string& sql) const {
    const auto database = open_verdict_database(StoreName::parse(store_).value(), StoreMode::read_write);
    ASSERT_TRUE(database);
    test::put_counts_into_tables(**database);
    ASSERT_TRUE((*database)->execute(sql));
  }
};

TEST_F(VerdictsReport, TellsOfTheLastWeek) {
  const std::string html = page();
  EXPECT_THAT(html, StartsWith("<!DOCTYPE html>\n<html lang=\"en\">"));
  EXPECT_THAT(html, EndsWith("</html>\n"));
  EXPECT_THAT(html, HasSubstr("<dd>31 Jan 2007, 00:00 to 7 Feb 2007, 00:00 UTC</dd>"));
  EXPECT_THAT(html, HasSubstr("<dt>Connections</dt><dd><b>3</b><small>at 2 receivers</small></dd>"));
  EXPECT_THAT(html, HasSubstr("<dt>Signed</dt><dd><b>66.7\u00a0%</b><small>2 connections</small></dd>"));
  EXPECT_THAT(html, HasSubstr("<dt>Passed</dt><dd><b>50.0\u00a0%</b><small>1 of the signed</small></dd>"));
  EXPECT_THAT(html, HasSubstr("<dt>Domains</dt><dd><b>1</b>"));
  EXPECT_THAT(html, HasSubstr("<dt>New domains</dt><dd><b>1</b>"));
  EXPECT_THAT(html, HasSubstr("signature-mismatch<small>the signature does not fit this connection</small>"));
  EXPECT_THAT(html, HasSubstr("In 55 of 57 intervals nothing was recorded"));
}

TEST_F(VerdictsReport, NeedsNothingElseAndRunsNothing) {
  const std::string html = page();
  EXPECT_THAT(html,
              HasSubstr("http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
                        "'unsafe-inline'; img-src data:;"));
  for (const std::string foreign : {"<script", "javascript:", "http://", "https://", "@import", " src="}) {
    EXPECT_THAT(html, Not(HasSubstr(foreign)));
  }
}

TEST_F(VerdictsReport, TheSameStoreAtTheSameTimeGivesTheSamePage) {
  EXPECT_EQ(page(), page());
}

TEST_F(VerdictsReport, ReplacesAFile) {
  const std::string file = write("report.html", "the old one");
  const Ran ran = verdicts({"report", "--html", file});
  EXPECT_EQ(ran.code, ExitCode::ok);
  EXPECT_EQ(ran.out, "");
  EXPECT_EQ(ran.err, file + ": 3 connections\n");
  EXPECT_EQ(read(file), page());
}

TEST_F(VerdictsReport, ReplacesNothingButAFile) {
  const Ran ran = verdicts({"report", "--html", "/dev/null"});
  EXPECT_EQ(ran.code, ExitCode::cannot_create);
  EXPECT_THAT(ran.err, HasSubstr("/dev/null: not a file that can be replaced"));
}

TEST_F(VerdictsReport, AFileThatCannotBeMadeIsNotMade) {
  EXPECT_EQ(verdicts({"report", "--html", path("no/such/folder.html")}).code, ExitCode::cannot_create);
}

TEST_F(VerdictsReport, OnlyThePeriod) {
  EXPECT_THAT(page({"--since", "1d"}), HasSubstr("<dt>Connections</dt><dd><b>2</b>"));
  EXPECT_THAT(page({"--since", "3d", "--until", "1d"}), HasSubstr("<dt>Connections</dt><dd><b>1</b>"));
  EXPECT_THAT(page({"--since", "2h", "--until", "2030-01-01"}), HasSubstr("to 7 Feb 2007, 00:00 UTC"));
}

TEST_F(VerdictsReport, ThePeriodThatIsShownIsTheOneThatIsCounted) {
  const std::string html = page({"--since", "2007-02-06T21:30:00Z", "--until", "2007-02-06T23:30:00Z"});
  EXPECT_THAT(html, HasSubstr("<dd>6 Feb 2007, 21:00 to 7 Feb 2007, 00:00 UTC</dd>"));
  EXPECT_THAT(html, HasSubstr("<dt>Connections</dt><dd><b>2</b>"));
  EXPECT_THAT(html, HasSubstr("<dt>New domains</dt><dd><b>1</b>"));
  EXPECT_THAT(html, HasSubstr("the newest is mail.jgc.org"));
}

TEST_F(VerdictsReport, WhereHoursWerePrunedItTellsOfDays) {
  prune("1d");
  const std::string html = page({"--since", "2007-02-04T12:00:00Z"});
  EXPECT_THAT(html, HasSubstr("<dd>4 Feb 2007, 00:00 to 7 Feb 2007, 00:00 UTC</dd>"));
  EXPECT_THAT(html, HasSubstr("<dt>Connections</dt><dd><b>3</b>"));
  EXPECT_THAT(html, HasSubstr("Mon 5 Feb 2007 1 connection: 1 unsigned"));
  EXPECT_THAT(html, HasSubstr("Tue 6 Feb 2007 2 connections: 1 passed, 1 failed"));
}

TEST_F(VerdictsReport, WhatWasPrunedIsNotSaidNeverToHaveBeen) {
  prune("1d");
  const std::string lost = "Counts from before 6 Feb 2007, 00:00 are no longer there.";
  const std::string partly = page({"--since", "3d"});
  EXPECT_THAT(partly, HasSubstr("or more. " + lost)) << "latency";
  EXPECT_THAT(partly, HasSubstr(lost));
  EXPECT_THAT(partly, Not(HasSubstr("not scored")));
  const std::string wholly = page({"--since", "3d", "--until", "1d"});
  EXPECT_THAT(wholly, HasSubstr("<p class=\"sentence\">" + lost)) << "scores";
  EXPECT_THAT(wholly, HasSubstr("<p class=\"note\">" + lost)) << "latency";
  EXPECT_THAT(wholly, Not(HasSubstr("No connection was scored.")));
  EXPECT_THAT(wholly, Not(HasSubstr("Nothing was measured.")));
  EXPECT_THAT(page({"--since", "1d"}), Not(HasSubstr("no longer there")));
}

TEST_F(VerdictsReport, WhereDaysWerePrunedItSaysSo) {
  change(
      "INSERT INTO pruned_times (what, time) VALUES ('verdicts', '2007-02-03T00:00:00.000Z'), "
      "('days', '2007-02-03T00:00:00.000Z')");
  change("UPDATE pruned_times SET time = '2007-02-03T00:00:00.000Z'");
  const std::string html = page({"--since", "2007-01-01", "--until", "2007-02-01"});
  EXPECT_THAT(html, HasSubstr("Nothing is left of this period"));
  EXPECT_THAT(html, HasSubstr("Counts from before 3 Feb 2007, 00:00 are no longer there."));
  EXPECT_THAT(page(), HasSubstr("<dd>3 Feb 2007, 00:00 to 7 Feb 2007, 00:00 UTC</dd>"));
}

TEST_F(VerdictsReport, SaysThatAllPassedOnlyWhenAllDid) {
  const std::string all = "Every signature passed.";
  const std::string none = "No connection carried a signature.";
  EXPECT_THAT(page({"--since", "10m"}), HasSubstr(all));
  const std::string unsigned_only = page({"--since", "3d", "--until", "1d"});
  EXPECT_THAT(unsigned_only, Not(HasSubstr(all)));
  EXPECT_THAT(unsigned_only, HasSubstr("<p class=\"sentence\">" + none + "</p>"));
  EXPECT_THAT(unsigned_only, HasSubstr(none + " Busiest: "));
  // As another program might have written it.
  change("UPDATE verdicts_hourly SET reason = CASE result WHEN 'pass' THEN 'odd' ELSE '' END");
  EXPECT_THAT(page({"--since", "10m"}), HasSubstr(all));
  const std::string failed = page({"--since", "4h"});
  EXPECT_THAT(failed, Not(HasSubstr(all)));
  EXPECT_THAT(failed, Not(HasSubstr("odd<small>")));
  EXPECT_THAT(failed, HasSubstr("1 connection did not pass, for 1 reason. The most frequent, "
                                "<b>(not recorded)</b>, stands for 100\u00a0% of them."));
}

TEST_F(VerdictsReport, ScoresAtTheEndsAreOpen) {
  Verdict high = aged(4, std::chrono::minutes{1});
  high.score = 1000;
  Verdict low = aged(5, std::chrono::minutes{1});
  low.score = -49.5;
  write({high, low});
  const std::string html = page({"--since", "10m"});
  EXPECT_THAT(html, HasSubstr("score of 50 and more 1 connection"));
  EXPECT_THAT(html, HasSubstr("score below −49 1 connection"));
  EXPECT_THAT(html, HasSubstr("Half of them are below 11, one of ten at 50 or more."));
  EXPECT_THAT(html, Not(HasSubstr("score from 50")));
  EXPECT_THAT(html, Not(HasSubstr(">−50</text>")));
}

TEST_F(VerdictsReport, NewDomainsAreThoseOfThePeriodOnly) {
  const std::string html = page({"--since", "3d", "--until", "1d"});
  EXPECT_THAT(html, HasSubstr("No domain passed for the first time."));
  EXPECT_THAT(html, Not(HasSubstr("mail.jgc.org")));
}

TEST_F(VerdictsReport, AnEmptyPeriodIsSaidToBeOne) {
  const std::string html = page({"--since", "2001-01-01", "--until", "2001-01-02"});
  EXPECT_THAT(html, HasSubstr("Nothing was recorded in this period"));
  EXPECT_THAT(html, Not(HasSubstr("<section")));
}

TEST_F(VerdictsReport, WrongTimesAreRefused) {
  for (const std::vector<std::string>& times : std::vector<std::vector<std::string>>{
           {"--since", "2030-01-01"}, {"--since", "1d", "--until", "2d"}, {"--since", "yesterday"}}) {
    std::vector<std::string> words{"report", "--html", "-"};
    words.insert(words.end(), times.begin(), times.end());
    const Ran ran = verdicts(words);
    EXPECT_EQ(ran.code, ExitCode::usage);
    EXPECT_EQ(ran.out, "");
    EXPECT_THAT(ran.err, HasSubstr("--since"));
  }
  EXPECT_EQ(verdicts({"report"}).code, ExitCode::usage);
}

TEST_F(VerdictsReport, TheTitleIsEscaped) {
  const std::string html = page({"--title", "März </title><script>"});
  EXPECT_THAT(html, HasSubstr("<title>März &lt;/title&gt;&lt;script&gt;</title>"));
  EXPECT_THAT(html, HasSubstr("<h1>März &lt;/title&gt;&lt;script&gt;</h1>"));
}

TEST_F(VerdictsReport, DomainsHaveTheirReputationOrThatOfTheirOrganization) {
  change(
      "INSERT INTO reputation (domain, state, reason, time, number, organizational) VALUES "
      "('jgc.org', 'bad', '', '', 0.734, 1), ('example.org', 'good', '', '', 0.02, 1)");
  const std::string html = page();
  EXPECT_THAT(html, HasSubstr("<span class=\"badge bad\"><i aria-hidden=\"true\">■</i> bad</span> <small>of "
                              "jgc.org</small>"));
  EXPECT_THAT(html, HasSubstr(">0.73</td>"));
  EXPECT_THAT(html, HasSubstr("<span class=\"badge good\"><i aria-hidden=\"true\">●</i> good</span></td>"));
  EXPECT_THAT(html, HasSubstr("Bad reputation: mail.jgc.org."));
}

TEST_F(VerdictsReport, AStateThatIsNoneIsAFailure) {
  change("INSERT INTO reputation (domain, state, reason, time) VALUES ('example.org', '<b>', '', '')");
  const Ran ran = verdicts({"report", "--html", "-"});
  EXPECT_EQ(ran.code, ExitCode::io_error);
  EXPECT_EQ(ran.out, "");
}

// As another program might have written it.
TEST_F(VerdictsReport, StrangersTextsAreOnlyText) {
  const std::string hostile = "</td><script>\"''\xe2\x80\xae\x1b";
  change("UPDATE verdicts_hourly SET domain = '" + hostile + "', receiver = '" + hostile +
         "', reason = CASE reason WHEN '' THEN '' ELSE '" + hostile + "' END WHERE result <> 'none'");
  change("UPDATE known_domains SET domain = '" + hostile + "', organizational_domain = '" + hostile + "'");
  const std::string html = page({"--since", "4h"});
  EXPECT_THAT(html, HasSubstr("&lt;/td&gt;&lt;script&gt;\\x22&#39;\\xE2\\x80\\xAE\\x1B"));
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, Not(HasSubstr("\xe2\x80\xae")));
  EXPECT_THAT(html, Not(HasSubstr("\x1b")));
}

TEST_F(VerdictsReport, NoPasswordIsShown) {
  const Ran ran =
      run({"verdicts", "report", "--html", "-", "--store", "postgresql://me:secret@[::1]:1/none"});
  EXPECT_EQ(ran.code, ExitCode::unavailable);
  EXPECT_THAT(ran.err, Not(HasSubstr("secret")));
}

}  // namespace
}  // namespace tecs
