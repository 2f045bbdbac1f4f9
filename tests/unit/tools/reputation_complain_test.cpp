#include "tools/reputation_complain.hpp"

#include <nlohmann/json.hpp>

#include "unit/tools/command_run.hpp"
#include "unit/verdicts/complaint_samples.hpp"
#include "verdicts/verdict_store.hpp"

namespace tecs {
namespace {

using test::complaint_about;
using test::replaced;
using test::SignedConnection;
using testing::HasSubstr;
using testing::StartsWith;

const std::string id = "0190163d-8694-739b-aea5-966c26f8ad90";
const std::string key_name = "_domainkey.sender.example";

// Complaints from end to end, in one process: those that are put, those that are decided, those that are
// listed.
class Complain : public CommandTest {
 protected:
  Complain() { publish(format_key_record(test::sender_key())); }

  void publish(const std::string& record) {
    dns_.insert_or_assign(key_name, TxtAnswer{.texts = {record}, .ttl = {}, .dnssec = false});
  }
  void no_dns() { dns_.insert_or_assign(key_name, failure(Reason::dns_timeout, "no answer in time")); }

  static SignedConnection connection(int port = 40213) {
    return {.source = "198.51.100.7:" + std::to_string(port), .epoch = 1170806400};
  }
  static std::string mail(int port = 40213) { return complaint_about(connection(port)); }

  Ran reputation(std::vector<std::string> arguments, const std::string& in = "") {
    in_.clear();
    in_.str(in);
    arguments.insert(arguments.begin(), "reputation");
    arguments.insert(arguments.end(), {"--store", store_});
    return run(arguments);
  }
  std::string listed(std::vector<std::string> more = {}) {
    more.insert(more.begin(), "complaints");
    const Ran ran = reputation(more);
    EXPECT_EQ(ran.code, ExitCode::ok) << ran.err;
    return ran.out;
  }
  std::string make_maildir() {
    for (const char* const folder : {"maildir/new", "maildir/cur", "maildir/tmp"})
      std::filesystem::create_directories(path(folder));
    return path("maildir");
  }
  std::vector<std::string> names(const std::string& folder) {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(path(folder)))
      found.push_back(entry.path().filename());
    std::sort(found.begin(), found.end());
    return found;
  }

  std::string store_ = "sqlite:" + path("verdicts.db");
};

TEST_F(Complain, TakesAMailFromStandardInput) {
  Ran ran = reputation({"complain"}, mail());
  EXPECT_EQ(ran.code, ExitCode::ok) << ran.err;
  EXPECT_EQ(ran.out, "counted sender.example -\n");
  ran = reputation({"complain"}, mail());
  EXPECT_EQ(ran.out, "duplicate sender.example same-complaint\n");
  ran = reputation({"complain", "-"}, "no complaint");
  EXPECT_EQ(ran.code, ExitCode::ok);
  EXPECT_EQ(ran.out, "malformed - not-arf\n");
  ran = reputation({"complain", "--maximum-size", "1024"}, std::string(5000, 'x'));
  EXPECT_EQ(ran.out, "malformed - too-large\n");
}

TEST_F(Complain, JsonTellsAllOfIt) {
  const auto json = nlohmann::json::parse(reputation({"complain", "--json"}, mail()).out);
  EXPECT_EQ(json["status"], "counted");
  EXPECT_EQ(json["domain"], "sender.example");
  EXPECT_EQ(json["reporter"], "reporter.example");
  EXPECT_EQ(json["source"], "198.51.100.7:40213");
  EXPECT_EQ(json["epoch"], 1170806400);
  EXPECT_EQ(json["key_source"], "dns");
  EXPECT_EQ(json["connection_time"], "2007-02-07T00:00:00.000Z");
  EXPECT_FALSE(json.contains("mail"));
  EXPECT_EQ(nlohmann::json::parse(listed({"--format", "json"})), json);
}

// A mail system that is told to come again gives up after some days, and returns the mail to a stranger.
TEST_F(Complain, WhatDnsDoesNotAnswerWaitsInTheStore) {
  no_dns();
  Ran ran = reputation({"complain"}, mail());
  EXPECT_EQ(ran.code, ExitCode::ok);
  EXPECT_EQ(ran.out, "queued - dns-timeout\n");
  EXPECT_THAT(ran.err, HasSubstr("no answer in time; the mail waits"));
  ran = reputation({"complain", "--json"}, mail(1001));
  EXPECT_EQ(nlohmann::json::parse(ran.out)["status"], "queued");
  EXPECT_THAT(listed(), testing::Not(HasSubstr("sender.example")));
  publish(format_key_record(test::sender_key()));
  EXPECT_EQ(reputation({"work", "--once"}).err, "2 decided: 2 counted\n");
}

TEST_F(Complain, WhatTheStoreDoesNotTakeComesAgain) {
  no_dns();
  for (const int port : {1001, 1002})
    EXPECT_EQ(reputation({"complain", "--queue"}, mail(port)).code, ExitCode::ok);
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"complain", "--maximum-queue", "2"},
        {"complain", "--maximum-queue", "2", "--queue"}}) {
    const Ran ran = reputation(arguments, mail(1003));
    EXPECT_EQ(ran.code, ExitCode::temporary);
    EXPECT_THAT(ran.out, StartsWith("undecided - "));
  }
  EXPECT_EQ(reputation({"complain", "--maximum-queue", "3"}, mail(1003)).code, ExitCode::ok);
  store_ = "sqlite:" + path("no/such/folder/verdicts.db");
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"complain"}, {"complain", "--queue"}})
    EXPECT_EQ(reputation(arguments, mail()).code, ExitCode::temporary);
}

TEST_F(Complain, SaysWhatIsWrongOnTheCommandLine) {
  struct Row {
    std::string test;
    std::vector<std::string> arguments;
    ExitCode want;
  };
  for (const Row& row : {
           Row{"an unknown option", {"complain", "--x"}, ExitCode::usage},
           Row{"a wrong store", {"complain", "--store", "x"}, ExitCode::usage},
           Row{"no such file", {"complain", path("x"), "--store", store_}, ExitCode::no_input},
           Row{"a folder that is no maildir", {"complain", path(""), "--store", store_}, ExitCode::no_input},
           Row{"both a zone and a resolver",
               {"complain", "--zone", "a", "--resolver", "127.0.0.1:53", "--store", store_},
               ExitCode::usage},
           Row{"no worker", {"work", "--workers", "0", "--store", store_}, ExitCode::usage},
           Row{"an unknown status", {"complaints", "--status", "x", "--store", store_}, ExitCode::usage},
           Row{"an unknown form", {"complaints", "--format", "x", "--store", store_}, ExitCode::usage},
           Row{"no domain", {"complaints", "--domain", "x", "--store", store_}, ExitCode::usage},
           Row{"no store", {"complaints", "--store", "sqlite:" + path("x.db")}, ExitCode::no_input},
           Row{"no id", {"make-complaint", "--store", store_}, ExitCode::usage},
           Row{"an unknown type", {"make-complaint", id, "--type", "x", "--store", store_}, ExitCode::usage},
           Row{"nobody to send it to", {"make-complaint", id, "--store", store_}, ExitCode::usage},
           Row{"an unknown verdict",
               {"make-complaint", id, "--to", "a@b.example", "--store", store_},
               ExitCode::data_error},
       }) {
    SCOPED_TRACE(row.test);
    ASSERT_TRUE(open_verdict_database(StoreName::parse(store_).value(), StoreMode::read_write));
    std::vector<std::string> arguments = row.arguments;
    arguments.insert(arguments.begin(), "reputation");
    const Ran ran = run(arguments);
    EXPECT_EQ(ran.code, row.want) << ran.err;
    EXPECT_THAT(ran.err, StartsWith("tecs reputation " + row.arguments.front() + ": "));
    EXPECT_EQ(ran.out, "");
  }
}

TEST_F(Complain, ReadsFilesAndMaildirs) {
  const std::string maildir = make_maildir();
  write("maildir/new/1", mail(1001));
  write("maildir/new/2:2,", "no complaint");
  write("maildir/cur/3:2,FR", mail(1003));
  write("maildir/cur/4:2,S", mail(1004));
  write("maildir/new/.hidden", mail(1005));
  write("maildir/tmp/6", mail(1006));
  std::filesystem::create_symlink(write("elsewhere", mail(1007)), path("maildir/new/7"));
  const std::string file = write("file", mail(1008));
  const Ran ran = reputation({"complain", maildir, file});
  EXPECT_EQ(ran.code, ExitCode::ok) << ran.err;
  EXPECT_EQ(ran.out, "counted sender.example - " + maildir + "/cur/3:2,FR\n" +  //
                         "counted sender.example - " + maildir + "/new/1\n" +   //
                         "malformed - not-arf " + maildir + "/new/2:2,\n" +     //
                         "counted sender.example - " + file + "\n");
  EXPECT_EQ(names("maildir/new"), (std::vector<std::string>{".hidden", "7"}));
  EXPECT_EQ(names("maildir/cur"), (std::vector<std::string>{"1:2,S", "2:2,S", "3:2,FRS", "4:2,S"}));
  EXPECT_TRUE(std::filesystem::exists(file));
  EXPECT_EQ(reputation({"complain", maildir}).out, "");
}

TEST_F(Complain, AMailThatTheStoreDoesNotTakeStaysNew) {
  const std::string maildir = make_maildir();
  write("maildir/new/1", mail(1001));
  write("maildir/new/2", mail(1002));
  write("maildir/new/3", "no complaint");
  no_dns();
  EXPECT_EQ(reputation({"complain", "--maximum-queue", "1", maildir}).code, ExitCode::temporary);
  EXPECT_EQ(names("maildir/new"), std::vector<std::string>{"2"});
  publish(format_key_record(test::sender_key()));
  EXPECT_EQ(reputation({"complain", maildir}).code, ExitCode::ok);
  EXPECT_EQ(names("maildir/cur"), (std::vector<std::string>{"1:2,S", "2:2,S", "3:2,S"}));
}

TEST_F(Complain, WhatIsWrongWithOneMailKeepsNoOther) {
  const std::string maildir = make_maildir();
  write("maildir/new/1", mail(1001));
  write("maildir/cur/1:2,S", "of another mail");
  write("maildir/new/2", mail(1002));
  Ran ran = reputation({"complain", maildir});
  EXPECT_EQ(ran.code, ExitCode::temporary);
  EXPECT_THAT(ran.err, HasSubstr("maildir/new/1: cannot become"));
  EXPECT_THAT(ran.out, HasSubstr(" - " + maildir + "/new/2\n"));
  EXPECT_EQ(read(path("maildir/cur/1:2,S")), "of another mail");
  EXPECT_EQ(names("maildir/new"), std::vector<std::string>{"1"});
  ran = reputation({"complain", path("missing"), write("file", mail(1003))});
  EXPECT_EQ(ran.code, ExitCode::no_input);
  EXPECT_EQ(ran.out, "counted sender.example - " + path("file") + "\n");
}

TEST_F(Complain, AnExceptionIsNoFaultOfTheMail) {
  in_.exceptions(std::ios::eofbit);
  EXPECT_EQ(run({"reputation", "complain", "--store", store_}).code, ExitCode::temporary);
}

TEST_F(Complain, TheQueueIsDecidedByWorkers) {
  no_dns();  // not asked by what only queues
  for (int port = 1001; port <= 1020; ++port) {
    const Ran ran = reputation({"complain", "--queue"}, mail(port));
    EXPECT_EQ(ran.code, ExitCode::ok) << ran.err;
    EXPECT_EQ(ran.out, "queued - -\n");
  }
  EXPECT_EQ(asked_resolver_, "");
  EXPECT_EQ(reputation({"complain", "--queue", "--maximum-size", "1024"}, std::string(5000, 'x')).out,
            "malformed - too-large\n");
  Ran ran = reputation({"work", "--once"});
  EXPECT_EQ(ran.code, ExitCode::ok);
  EXPECT_THAT(ran.out, HasSubstr("postponed - -\n"));
  EXPECT_THAT(ran.err, StartsWith("0 decided; 20 postponed"));
  ran = reputation({"work", "--once"});  // none of them is due
  EXPECT_EQ(ran.out, "");
  reputation({"complain", "--queue"}, mail(1021));
  reputation({"complain", "--queue"}, "no complaint");
  publish(format_key_record(test::sender_key()));
  ran = reputation({"work", "--once", "--workers", "2"});
  EXPECT_THAT(ran.out, HasSubstr("counted sender.example -\n"));
  EXPECT_THAT(ran.out, HasSubstr("malformed - not-arf\n"));
  EXPECT_EQ(ran.err, "2 decided: 1 counted, 1 malformed\n");
}

TEST_F(Complain, ListsWhatBecameOfThem) {
  reputation({"complain"}, mail());
  reputation({"complain"}, "no complaint");
  EXPECT_EQ(listed({"--status", "counted"}),
            "TIME                STATUS     DOMAIN                 REPORTER             KEY     REASON\n"
            "2007-02-07 00:00:10 counted    sender.example         reporter.example     dns     -\n");
  EXPECT_THAT(listed({"--domain", "Sender.Example"}), testing::Not(HasSubstr("not-arf")));
  EXPECT_THAT(listed({"--since", "1h"}),
              HasSubstr("malformed  -                      -                    -       not-arf"));
}

// What one receiver writes counts with somebody who has neither its verdicts nor its keys.
TEST_F(Complain, WhatMakeComplaintWritesCountsElsewhere) {
  {
    const Verdict verdict = connection().verdict(id);
    ASSERT_TRUE(open_verdict_store(StoreName::parse(store_).value(), StoreMode::read_write)
                    .value()
                    ->write({&verdict, 1}));
  }
  const std::string here = store_;
  for (const std::vector<std::string>& options :
       {std::vector<std::string>{}, {"--no-content"}, {"--type", "fraud", "--from", "a@b.example"}}) {
    store_ = here;
    std::vector<std::string> arguments{"make-complaint", id.substr(0, 13), "--to", "c@d.example"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    const Ran made = reputation(arguments, test::reported_message);
    ASSERT_EQ(made.code, ExitCode::ok) << made.err;
    const bool named = options.size() > 1;
    EXPECT_THAT(made.out, HasSubstr(named ? "\nFrom: a@b.example\n" : "\nFrom: postmaster@mx.example.net\n"));
    EXPECT_THAT(made.out, HasSubstr("\nTo: c@d.example\n"));
    EXPECT_THAT(made.out, HasSubstr("\nUser-Agent: tecs/"));
    store_ = "sqlite:" + path("elsewhere-" + std::to_string(options.size()) + ".db");
    EXPECT_EQ(reputation({"complain"}, made.out).out, "counted sender.example -\n");
    store_ = here;
    EXPECT_EQ(reputation({"complain"}, made.out).out,
              options.empty() ? "counted sender.example -\n" : "duplicate sender.example same-complaint\n");
  }
  EXPECT_EQ(reputation({"make-complaint", id, "--to", "c@d.example"}, "").code, ExitCode::data_error);
}

TEST_F(Complain, TheHelpIsWhole) {
  EXPECT_THAT(run({"reputation", "--help"}).out, HasSubstr("make-complaint"));
  for (const std::string word : {"complain", "work", "make-complaint", "complaints"}) {
    const Ran ran = run({"reputation", word, "--help"});
    EXPECT_EQ(ran.code, ExitCode::ok);
    EXPECT_THAT(ran.out, StartsWith("Usage: tecs reputation " + word));
    std::istringstream lines(ran.out);
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 100U) << line;
  }
}

}  // namespace
}  // namespace tecs
