#include "tools/verdicts_list.hpp"

#include "unit/tools/verdicts_fixture.hpp"
#include "verdicts/verdict_json.hpp"

namespace tecs {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

class VerdictsList : public VerdictsTest {
 protected:
  Ran list(std::vector<std::string> more = {}) {
    more.insert(more.begin(), "list");
    return verdicts(more);
  }

  // What was listed, by the last digit of the id, in order.
  std::string listed(std::vector<std::string> more) {
    more.insert(more.end(), {"--format", "json"});
    std::istringstream lines(list(more).out);
    std::string numbers;
    for (std::string line; std::getline(lines, line);) numbers += parse_json(line)->id.back();
    return numbers;
  }
};

TEST_F(VerdictsList, TheWordMayBeLeftOut) {
  const Ran ran = verdicts({});
  EXPECT_EQ(ran.code, ExitCode::ok);
  EXPECT_EQ(ran.out, list().out);
  EXPECT_EQ(verdicts({"--result", "pass"}).out, list({"--result", "pass"}).out);
  EXPECT_EQ(verdicts({"-n", "1"}).out, list({"-n", "1"}).out);
}

TEST_F(VerdictsList, ATableIsTheDefault) {
  const Ran ran = list();
  EXPECT_EQ(ran.code, ExitCode::ok);
  EXPECT_EQ(ran.err, "");
  EXPECT_THAT(ran.out, StartsWith("TIME (UTC)          RESULT "));
  EXPECT_THAT(ran.out, EndsWith("\n\n3 verdicts: 1 none, 1 pass, 1 fail\n"));
  EXPECT_EQ(list({"--format", "table"}).out, ran.out);
}

TEST_F(VerdictsList, JsonIsAnObjectALine) {
  std::istringstream lines(list({"--format", "json"}).out);
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) EXPECT_TRUE(parse_json(line)) << line;
  EXPECT_EQ(count, 3);
}

// As another program might have written it.
TEST_F(VerdictsList, WhateverStandsInTheStoreIsPrintedAsAscii) {
  Verdict hostile = test::numbered_verdict(4);
  hostile.helo = "\x1b]0;title\x07\xc2\x9b\x7f";
  hostile.credential = hostile.domain = hostile.helo;
  write({hostile});
  for (const std::string format : {"table", "json", "csv"}) {
    for (const char character : list({"--format", format}).out) {
      EXPECT_TRUE(character == '\n' || character == '\r' || (character >= 0x20 && character < 0x7f))
          << format;
    }
  }
}

TEST_F(VerdictsList, CsvHasAHeading) {
  const Ran ran = list({"--format", "csv"});
  EXPECT_THAT(ran.out, StartsWith("id,time,"));
  EXPECT_EQ(std::count(ran.out.begin(), ran.out.end(), '\n'), 4);
}

TEST_F(VerdictsList, Selects) {
  struct Row {
    std::string name;
    std::vector<std::string> options;
    std::string want;
  };
  for (const Row& row : {
           Row{"all, newest first", {}, "123"},
           Row{"the last hour", {"--since", "1h"}, "1"},
           Row{"the last day", {"--since", "24h"}, "12"},
           Row{"to the very second", {"--since", "60s"}, "1"},
           Row{"a second less", {"--since", "59s"}, ""},
           Row{"domain", {"--domain", "example.org"}, "2"},
           Row{"domain in capitals", {"--domain", "EXAMPLE.org"}, "2"},
           Row{"unknown domain", {"--domain", "example.com"}, ""},
           Row{"result", {"--result", "none"}, "3"},
           Row{"several conditions", {"--since", "7d", "--domain", "mail.jgc.org", "--result", "pass"}, "1"},
           Row{"until", {"--until", "1h"}, "23"},
           Row{"a day", {"--since", "2007-02-06", "--until", "2007-02-07"}, "12"},
           Row{"to the very millisecond", {"--since", "2007-02-06T23:59:10Z"}, "1"},
           Row{"before the very millisecond", {"--until", "2007-02-06T23:59:10Z"}, "23"},
           Row{"organizational domain", {"--organizational-domain", "JGC.org"}, "1"},
           Row{"reason", {"--reason", "signature-mismatch"}, "2"},
           Row{"receiver", {"--receiver", "mx2.example.net"}, "2"},
           Row{"network", {"--network", "192.0.2.0/24"}, "2"},
           Row{"an address for its network", {"--network", "192.0.2.77"}, "2"},
           Row{"an IPv6 address for its network", {"--network", "2001:db8:0:5::7"}, "13"},
           Row{"the newest two", {"--limit", "2"}, "12"},
           Row{"the newest of a kind", {"-n", "1", "--until", "1h"}, "2"},
           Row{"conditions that exclude each other", {"--domain", "example.org", "--result", "pass"}, ""},
       }) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(listed(row.options), row.want);
  }
}

TEST_F(VerdictsList, AnEmptyListIsNoFailure) {
  const Ran ran = list({"--since", "1s"});
  EXPECT_EQ(ran.code, ExitCode::ok);
  EXPECT_THAT(ran.out, EndsWith("\n0 verdicts\n"));
}

TEST_F(VerdictsList, RefusesBadOptions) {
  struct Row {
    std::string name;
    std::vector<std::string> options;
    ExitCode want_code;
    std::string want;
  };
  const std::string text = write("text.db", "this is no database, whatever its name says");
  for (const Row& row : {
           Row{"since without unit", {"--since", "5"}, ExitCode::usage, "--since: not a time"},
           Row{"since for ever",
               {"--since", "99999d"},
               ExitCode::usage,
               "--since: a duration of more than 36500d"},
           Row{"bad domain", {"--domain", "%"}, ExitCode::usage, "--domain: "},
           Row{"unknown result",
               {"--result", "failed"},
               ExitCode::usage,
               "--result: one of none, pass, fail,"},
           Row{"unknown form", {"--format", "xml"}, ExitCode::usage, "--format: table, json or csv"},
           Row{"unknown kind of store", {"--store", "mysql://x"}, ExitCode::usage, "--store: "},
           Row{"backwards", {"--since", "1h", "--until", "2h"}, ExitCode::usage, "--since is not before"},
           Row{"no network", {"--network", "example.org"}, ExitCode::usage, "--network: not a network"},
           Row{"a network that is not counted",
               {"--network", "192.0.2.1/32"},
               ExitCode::usage,
               "--network: ask for 192.0.2.0/24"},
           Row{"nor of IPv6",
               {"--network", "2001:db8:0:5::/64"},
               ExitCode::usage,
               "--network: ask for 2001:db8::/48"},
           Row{"too wide an address", {"--network", "192.0.2.1/24"}, ExitCode::usage, "--network: not a net"},
           Row{"none", {"-n", "0"}, ExitCode::usage, "--limit: must be a number from 1"},
           Row{"fewer than none", {"--limit", "-1"}, ExitCode::usage, "--limit: must be a number from 1"},
           Row{"no file name", {"--store", "sqlite:"}, ExitCode::usage, "--store: "},
           Row{"no such store", {"--store", "sqlite:" + path("x.db")}, ExitCode::no_input, path("x.db")},
           Row{"not a store", {"--store", "sqlite:" + text}, ExitCode::no_input, text},
       }) {
    SCOPED_TRACE(row.name);
    std::vector<std::string> arguments{"verdicts", "list"};
    arguments.insert(arguments.end(), row.options.begin(), row.options.end());
    if (row.options.front() != "--store") arguments.insert(arguments.end(), {"--store", store_});
    const Ran ran = run(arguments);
    EXPECT_EQ(ran.code, row.want_code);
    EXPECT_EQ(ran.out, "");
    EXPECT_THAT(ran.err, StartsWith("tecs verdicts list: " + row.want));
  }
  EXPECT_FALSE(std::filesystem::exists(path("x.db")));
}

}  // namespace
}  // namespace tecs
