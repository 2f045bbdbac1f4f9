#include "tecs/adapters/zone_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

namespace tecs {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

class Zone : public testing::Test {
 protected:
  ~Zone() override { std::remove(path.c_str()); }

  Expected<std::unique_ptr<ZoneFile>> load(const std::string& text) {
    std::ofstream(path, std::ios::binary) << text;
    return ZoneFile::load(path);
  }

  const std::string path = testing::TempDir() + "tecs-zone-" + std::to_string(getpid());
};

struct Found {
  std::string name;
  std::vector<std::string> texts;
  std::chrono::seconds ttl;
};

TEST_F(Zone, HoldsWhatAMasterFileSays) {
  struct Row {
    std::string_view test;
    std::string text;
    std::vector<Found> want;
  };
  for (const Row& row : {
           Row{"absolute names of any zones",
               "_domainkey.jgc.org. 60 IN TXT \"a\"\n_tecs.example.com. 70 IN TXT \"b\"\n",
               {{"_domainkey.jgc.org", {"a"}, 60s}, {"_tecs.example.com", {"b"}, 70s}}},
           Row{"no line end at the end", "jgc.org. 60 IN TXT \"a\"", {{"jgc.org", {"a"}, 60s}}},
           Row{"CRLF",
               "jgc.org. 60 IN TXT \"a\"\r\nx.org. 60 IN TXT \"b\"\r\n",
               {{"jgc.org", {"a"}, 60s}, {"x.org", {"b"}, 60s}}},
           Row{"$ORIGIN and relative names",
               "$ORIGIN jgc.org.\n_domainkey 60 IN TXT \"a\"\n@ 60 IN TXT \"b\"\n$ORIGIN "
               "x.org.\nsel._domainkey 60 IN TXT \"c\"\n",
               {{"_domainkey.jgc.org", {"a"}, 60s},
                {"jgc.org", {"b"}, 60s},
                {"sel._domainkey.x.org", {"c"}, 60s}}},
           Row{"relative names without $ORIGIN",
               "_tecs.jgc.org 60 IN TXT \"a\"\n",
               {{"_tecs.jgc.org", {"a"}, 60s}}},
           Row{"$TTL",
               "$TTL 120\njgc.org. IN TXT \"a\"\n$TTL 1h\nx.org. IN TXT \"b\"\n",
               {{"jgc.org", {"a"}, 120s}, {"x.org", {"b"}, 3600s}}},
           Row{"neither TTL nor class", "jgc.org. TXT \"a\"\n", {{"jgc.org", {"a"}, 3600s}}},
           Row{"owner of the line before",
               "jgc.org. 60 IN TXT \"a\"\n 50 IN TXT \"b\"\n",
               {{"jgc.org", {"a", "b"}, 50s}}},
           Row{"least TTL of several",
               "jgc.org. 50 IN TXT \"a\"\njgc.org. 60 IN TXT \"b\"\n",
               {{"jgc.org", {"a", "b"}, 50s}}},
           Row{"strings of one record, in parentheses over lines",
               "jgc.org. 60 IN TXT ( \"v=DKIM1; \" ; a comment\n  \"p=AA==\" )\nx.org. 60 IN TXT \"b\"\n",
               {{"jgc.org", {"v=DKIM1; p=AA=="}, 60s}, {"x.org", {"b"}, 60s}}},
           Row{"semicolon in quotes is no comment",
               "jgc.org. 60 IN TXT \"v=DKIM1; p=AA==\" ; comment\n",
               {{"jgc.org", {"v=DKIM1; p=AA=="}, 60s}}},
           Row{"escapes", "jgc.org. 60 IN TXT \"a\\\"b\\\\c\\200\"\n", {{"jgc.org", {"a\"b\\c\xc8"}, 60s}}},
           Row{"upper case", "_DomainKey.JGC.Org. 60 IN TXT \"A\"\n", {{"_domainkey.jgc.org", {"A"}, 60s}}},
           Row{"other records are passed over",
               "jgc.org. 60 IN SOA ns.jgc.org. mail.jgc.org. 1 2 3 4 5\njgc.org. 60 IN MX 10 mx.jgc.org.\n"
               "jgc.org. 60 IN TXT \"a\"\nmx.jgc.org. 60 IN A 192.0.2.1\n",
               {{"jgc.org", {"a"}, 60s}, {"mx.jgc.org", {}, 0s}}},
           Row{"empty lines and comments",
               "\n; comment\n\n   ; another\njgc.org. 60 IN TXT \"a\"\n\n",
               {{"jgc.org", {"a"}, 60s}}},
           Row{"nothing", "", {{"jgc.org", {}, 0s}}},
           Row{"nothing but a comment", "; nothing", {{"jgc.org", {}, 0s}}},
       }) {
    const auto zone = load(row.text);
    ASSERT_TRUE(zone) << row.test << ": " << zone.error().sentence;
    for (const Found& want : row.want) {
      const auto answer = (*zone)->lookup(want.name);
      ASSERT_TRUE(answer) << row.test;
      EXPECT_EQ(answer->texts, want.texts) << row.test << ": " << want.name;
      EXPECT_EQ(answer->ttl, want.ttl) << row.test << ": " << want.name;
      EXPECT_FALSE(answer->dnssec) << row.test;
    }
  }
}

TEST_F(Zone, NamesTheLineThatIsWrong) {
  struct Row {
    std::string_view test, text;
    int line;
  };
  const std::string long_string = "jgc.org. 60 IN TXT \"" + std::string(256, 'x') + "\"\n";
  for (const Row& row : {
           Row{"no record at all", "hello\n", 1},
           Row{"after comments and empty lines",
               "; one\n\njgc.org. 60 IN TXT \"a\"\n\n; five\nx.org. 60 IN NONSENSE \"b\"\n", 6},
           Row{"after a record over lines", "jgc.org. 60 IN TXT ( \"a\"\n\"b\" )\nx.org. 60 IN A 300.1.2.3\n",
               3},
           Row{"string of more than 255 octets", long_string, 1},
           Row{"label of more than 63 octets",
               "\n0123456789012345678901234567890123456789012345678901234567890123.org. 60 IN TXT \"a\"\n",
               2},
           Row{"bad escape", "jgc.org. 60 IN TXT \"\\999\"\n", 1},
           Row{"TXT without a string", "jgc.org. 60 IN TXT\n", 1},
           Row{"$INCLUDE", "jgc.org. 60 IN TXT \"a\"\n$INCLUDE other.zone\n", 2},
           Row{"$ORIGIN of nothing", "$ORIGIN a..b.\n", 1},
       }) {
    const auto zone = load(std::string(row.text));
    ASSERT_FALSE(zone) << row.test;
    EXPECT_EQ(zone.error().reason, Reason::bad_zone_file) << row.test;
    EXPECT_TRUE(zone.error().sentence.starts_with(path + ":" + std::to_string(row.line) + ": "))
        << row.test << ": " << zone.error().sentence;
  }
}

TEST_F(Zone, ThatCannotBeReadIsAnError) {
  const auto missing = ZoneFile::load(path + "-missing");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().reason, Reason::bad_zone_file);
  EXPECT_EQ(missing.error().sentence, path + "-missing cannot be read: No such file or directory");
  const auto directory = ZoneFile::load("/");
  ASSERT_FALSE(directory);
  EXPECT_EQ(directory.error().sentence, "/ cannot be read: Is a directory");
}

TEST_F(Zone, SurvivesWhatIsNoText) {
  std::string octets;
  for (int i = 0; i < 4096; ++i) octets += static_cast<char>((i * 167 + i / 256) % 256);
  EXPECT_FALSE(load(octets));
  for (const std::string_view text :
       {"(", ")", "\"", "jgc.org. 60 IN TXT \"a", "jgc.org. 60 IN TXT (", " 60 IN TXT \"a\"\n", "$TTL\n",
        "$ORIGIN\n", "jgc.org. 60 IN TXT \\# 3 026162\n", "\\"}) {
    static_cast<void>(load(std::string(text)));
  }
}

}  // namespace
}  // namespace tecs
