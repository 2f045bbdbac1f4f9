#include "tools/verdicts_prune.hpp"

#include "unit/tools/verdicts_fixture.hpp"
#include "verdicts/sqlite_connection.hpp"
#include "verdicts/sqlite_verdict_store.hpp"
#include "verdicts/store_schema.hpp"

namespace tecs {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

class VerdictsPrune : public VerdictsTest {
 protected:
  VerdictsPrune() {
    pause_ = [this](std::chrono::milliseconds) {
      ++pauses_;
      return !interrupted_;
    };
  }
  Ran prune(std::vector<std::string> more) {
    more.insert(more.begin(), "prune");
    return verdicts(more);
  }
  long count_listed() {
    const std::string lines = run({"verdicts", "--store", store_, "--format", "json"}).out;
    return std::count(lines.begin(), lines.end(), '\n');
  }

  int pauses_ = 0;
  bool interrupted_ = false;
};

TEST_F(VerdictsPrune, DeletesWhatIsOlder) {
  const Ran ran = prune({"--older-than", "1d"});
  EXPECT_EQ(ran.code, ExitCode::ok) << ran.err;
  EXPECT_EQ(ran.err, "");
  EXPECT_THAT(ran.out, StartsWith("deleted: 1 verdict, "));
  EXPECT_THAT(ran.out, testing::EndsWith(", 0 daily counts\n"));
  EXPECT_EQ(count_listed(), 2);
  EXPECT_THAT(prune({"--older-than", "1d"}).out, StartsWith("deleted: 0 verdicts, 0 hourly counts, "));
}

TEST_F(VerdictsPrune, CountsByDayStayUnlessTheyAreNamed) {
  EXPECT_EQ(prune({"--older-than", "1d"}).code, ExitCode::ok);
  EXPECT_THAT(verdicts({"summary", "--by", "day"}).out, HasSubstr("\n2007-02-05            1 "));
  EXPECT_THAT(prune({"--older-than", "1d", "--daily-older-than", "1d"}).out,
              HasSubstr(", 1 daily count, 3 monthly counts\n"));
  EXPECT_THAT(verdicts({"summary", "--by", "day"}).out, testing::Not(HasSubstr("\n2007-02-05")));
}

TEST_F(VerdictsPrune, NamesThatNeverPassedGo) {
  Verdict made_up = aged(4, std::chrono::days{2});
  made_up.domain = "made-up.example";
  write({made_up});
  EXPECT_THAT(prune({"--older-than", "1d"}).out, EndsWith(", the 1 name of domains that never passed\n"));
  const std::string domains = verdicts({"summary", "--by", "domain"}).out;
  EXPECT_THAT(domains, testing::Not(HasSubstr("made-up.example")));
  EXPECT_THAT(domains, HasSubstr("4 connections"));
}

TEST_F(VerdictsPrune, WhatIsStillToBeForwardedIsToldAndForgottenWhenAsked) {
  const std::string file = path("verdicts.db");
  const auto forwarding = SqliteVerdictStore::open(file, StoreMode::read_write, {.forward = true}).value();
  ASSERT_TRUE(forwarding->write(std::vector{aged(5, std::chrono::hours{60})}));
  const Ran ran = prune({"--older-than", "1d"});
  EXPECT_EQ(ran.code, ExitCode::ok) << ran.err;
  EXPECT_THAT(ran.out, StartsWith("deleted: 0 verdicts, "));
  EXPECT_THAT(ran.out, EndsWith("\nstill to be forwarded: 1 verdict; all from the hour of the oldest on is "
                                "kept, 2007-02-04T12:00:10.000Z\n"));
  EXPECT_EQ(count_listed(), 4);
  EXPECT_EQ(prune({"--forget-queue"}).out, "not to be forwarded any more: 1 verdict\n");
  EXPECT_EQ(count_listed(), 4);
  EXPECT_THAT(prune({"--older-than", "1d", "--forget-queue"}).out,
              StartsWith("not to be forwarded any more: 0 verdicts\ndeleted: 2 verdicts, "));
  EXPECT_EQ(prune({"--daily-older-than", "1d", "--forget-queue"}).code, ExitCode::usage);
}

TEST_F(VerdictsPrune, ASummarySaysWhatItIsOf) {
  EXPECT_EQ(prune({"--older-than", "1d"}).code, ExitCode::ok);
  const std::string note = "tecs verdicts summary: older counts were pruned, so this is";
  const Ran wide = verdicts({"summary", "--by", "result", "--since", "2007-02-05T03:00:00Z"});
  EXPECT_EQ(wide.err, note + " from 2007-02-05T00:00:00.000Z\n");
  EXPECT_THAT(wide.out, HasSubstr("3 connections"));
  EXPECT_EQ(verdicts({"summary", "--by", "hour", "--since", "2007-02-01", "--until", "2007-02-07"}).err,
            note + " from 2007-02-06T00:00:00.000Z up to 2007-02-07T00:00:00.000Z\n");
  EXPECT_EQ(verdicts({"summary", "--by", "result", "--since", "2007-02-05"}).err, "");
}

TEST_F(VerdictsPrune, BringsAnOlderStoreUpToDateOnlyWhenTold) {
  // As an older version has it: no counts, one column less.
  auto file =
      SqliteConnection::open(path("verdicts.db"), SqliteConnection::Access::create, std::chrono::seconds{5});
  std::string drop;
  for (const SchemaTable& table : store_tables()) drop += "DROP TABLE " + std::string(table.name) + ";";
  ASSERT_TRUE(file->execute(
      "CREATE TABLE former AS SELECT * FROM verdicts; ALTER TABLE former DROP COLUMN key_record; "
      "ALTER TABLE former DROP COLUMN client_network;" +
      drop +
      "DROP TABLE forward_queue; DROP TABLE batch_counts; ALTER TABLE former RENAME TO verdicts; CREATE "
      "TABLE reputation (domain TEXT "
      "PRIMARY KEY, state TEXT, reason TEXT, time TEXT); PRAGMA user_version = 2"));
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"prune", "--older-than", "1d"}, {"prune", "--forget-queue"}, {"import"}}) {
    const Ran refused = verdicts(words);
    EXPECT_NE(refused.code, ExitCode::ok) << words.back();
    EXPECT_THAT(refused.err, HasSubstr("stop the old one and run \"tecs verdicts prune --migrate\""));
  }
  const Ran ran = prune({"--migrate"});
  EXPECT_EQ(ran.code, ExitCode::ok) << ran.err;
  EXPECT_EQ(ran.out, "the store has the tables of this version\n");
  EXPECT_THAT(verdicts({"summary", "--by", "result"}).out, HasSubstr("3 connections"));
  EXPECT_EQ(prune({"--migrate", "--older-than", "1d"}).code, ExitCode::ok);
}

TEST_F(VerdictsPrune, IsInterrupted) {
  interrupted_ = true;
  const Ran ran = prune({"--older-than", "1d"});
  EXPECT_EQ(ran.code, ExitCode::temporary);
  EXPECT_THAT(ran.out, StartsWith("deleted: "));
  EXPECT_EQ(ran.err, "tecs verdicts prune: interrupted: the next time goes on from here\n");
  EXPECT_EQ(pauses_, 1);
}

TEST_F(VerdictsPrune, RefusesWhatIsMistyped) {
  struct Row {
    std::string name;
    std::vector<std::string> options;
    std::string want;
  };
  for (const Row& row : {
           Row{"no age", {}, "the option '--older-than' is required"},
           Row{"minutes", {"--older-than", "90m"}, "--older-than: must be from 1d to 36500d"},
           Row{"no unit", {"--older-than", "90"}, "--older-than: not a duration"},
           Row{"daily",
               {"--older-than", "90d", "--daily-older-than", "0s"},
               "--daily-older-than: must be from 1d"},
       }) {
    SCOPED_TRACE(row.name);
    const Ran ran = prune(row.options);
    EXPECT_EQ(ran.code, ExitCode::usage);
    EXPECT_EQ(ran.out, "");
    EXPECT_THAT(ran.err, StartsWith("tecs verdicts prune: " + row.want));
  }
  EXPECT_EQ(count_listed(), 3) << "nothing is deleted";
}

}  // namespace
}  // namespace tecs
