#include "tools/verdicts.hpp"

#include "unit/tools/command_run.hpp"
#include "unit/verdicts/verdict_samples.hpp"
#include "verdicts/verdict_json.hpp"
#include "verdicts/verdict_store.hpp"

namespace tecs {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

class Verdicts : public CommandTest {
 protected:
  // Three verdicts: a pass a minute ago, a failure two hours ago, an unsigned connection two days ago.
  Verdicts() {
    Verdict pass = aged(1, std::chrono::minutes{1});
    pass.result = Result::pass;
    Verdict fail = aged(2, std::chrono::hours{2});
    fail.domain = "example.org";
    Verdict none = aged(3, std::chrono::days{2});
    none.result = Result::none;
    none.domain.clear();
    const auto opened = open_verdict_store(store_, StoreMode::read_write);
    EXPECT_TRUE(opened);
    EXPECT_TRUE((*opened)->write(std::vector<Verdict>{pass, fail, none}));
  }

  Ran list(std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"verdicts", "--store", store_});
    return run(more);
  }

  // What was listed, by the last digit of the id, in order.
  std::string listed(std::vector<std::string> more) {
    more.insert(more.end(), {"--format", "json"});
    std::istringstream lines(list(more).out);
    std::string numbers;
    for (std::string line; std::getline(lines, line);) numbers += parse_json(line)->id.back();
    return numbers;
  }

  const std::string store_ = "sqlite:" + path("verdicts.db");

 private:
  Verdict aged(unsigned number, std::chrono::seconds age) const {
    Verdict verdict = test::numbered_verdict(number);
    verdict.time = std::chrono::floor<std::chrono::milliseconds>(clock_.now()) - age;
    return verdict;
  }
};

TEST_F(Verdicts, ATableIsTheDefault) {
  const Ran ran = list();
  EXPECT_EQ(ran.code, ExitCode::ok);
  EXPECT_EQ(ran.err, "");
  EXPECT_THAT(ran.out, StartsWith("TIME (UTC)          RESULT "));
  EXPECT_THAT(ran.out, EndsWith("\n\n3 verdicts: 1 none, 1 pass, 1 fail\n"));
  EXPECT_EQ(list({"--format", "table"}).out, ran.out);
}

TEST_F(Verdicts, JsonIsAnObjectALine) {
  std::istringstream lines(list({"--format", "json"}).out);
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) EXPECT_TRUE(parse_json(line)) << line;
  EXPECT_EQ(count, 3);
}

// As another program might have written it.
TEST_F(Verdicts, WhateverStandsInTheStoreIsPrintedAsAscii) {
  Verdict hostile = test::numbered_verdict(4);
  hostile.helo = "\x1b]0;title\x07\xc2\x9b\x7f";
  hostile.credential = hostile.domain = hostile.helo;
  ASSERT_TRUE((*open_verdict_store(store_, StoreMode::read_write))->write({&hostile, 1}));
  for (const std::string format : {"table", "json", "csv"}) {
    for (const char character : list({"--format", format}).out) {
      EXPECT_TRUE(character == '\n' || character == '\r' || (character >= 0x20 && character < 0x7f))
          << format;
    }
  }
}

TEST_F(Verdicts, CsvHasAHeading) {
  const Ran ran = list({"--format", "csv"});
  EXPECT_THAT(ran.out, StartsWith("id,time,"));
  EXPECT_EQ(std::count(ran.out.begin(), ran.out.end(), '\n'), 4);
}

TEST_F(Verdicts, Selects) {
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
           Row{"conditions that exclude each other", {"--domain", "example.org", "--result", "pass"}, ""},
       }) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(listed(row.options), row.want);
  }
}

TEST_F(Verdicts, AnEmptyListIsNoFailure) {
  const Ran ran = list({"--since", "1s"});
  EXPECT_EQ(ran.code, ExitCode::ok);
  EXPECT_THAT(ran.out, EndsWith("\n0 verdicts\n"));
}

TEST_F(Verdicts, RefusesBadOptions) {
  struct Row {
    std::string name;
    std::vector<std::string> options;
    ExitCode want_code;
    std::string want;
  };
  const std::string text = write("text.db", "this is no database, whatever its name says");
  for (const Row& row : {
           Row{"since without unit", {"--since", "5"}, ExitCode::usage, "--since: not a duration"},
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
           Row{"unknown kind of store", {"--store", "postgresql://x"}, ExitCode::usage, "--store: "},
           Row{"no file name", {"--store", "sqlite:"}, ExitCode::usage, "--store: "},
           Row{"no such store", {"--store", "sqlite:" + path("x.db")}, ExitCode::no_input, path("x.db")},
           Row{"not a store", {"--store", "sqlite:" + text}, ExitCode::no_input, text},
       }) {
    SCOPED_TRACE(row.name);
    std::vector<std::string> arguments{"verdicts"};
    arguments.insert(arguments.end(), row.options.begin(), row.options.end());
    if (row.options.front() != "--store") arguments.insert(arguments.end(), {"--store", store_});
    const Ran ran = run(arguments);
    EXPECT_EQ(ran.code, row.want_code);
    EXPECT_EQ(ran.out, "");
    EXPECT_THAT(ran.err, StartsWith("tecs verdicts: " + row.want));
  }
  EXPECT_FALSE(std::filesystem::exists(path("x.db")));
}

}  // namespace
}  // namespace tecs
