#include "tools/reputation_publish.hpp"

#include <future>
#include <optional>

#include "tools/folder_lock.hpp"
#include "unit/tools/reputation_fixture.hpp"

namespace tecs {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

class ReputationPublish : public ReputationCommandTest {
 protected:
  ReputationPublish() {
    three_domains();
    reputation({"compute"});
  }

  Ran publish(std::vector<std::string> more = {}) {
    more.insert(more.begin(),
                {"publish", "--zone", "rep.example.net", "--out", file_, "--ns", "ns1.example.net"});
    return reputation(more);
  }

  const std::string file_ = path("rep.zone");
};

TEST_F(ReputationPublish, WritesTheZone) {
  const Ran ran = publish({"--ns", "ns2.example.net", "--contact", "dns.admin@example.net", "--ttl", "10m",
                           "--negative-ttl", "30s", "--listed", "127.0.0.9=bad,127.0.0.4=good"});
  EXPECT_EQ(ran.code, ExitCode::ok);
  EXPECT_EQ(ran.err, "");
  EXPECT_EQ(ran.out, "rep.example.net serial 1170806410: 1 good, 0 medium, 1 bad, 0 unknown\n");
  EXPECT_THAT(read(file_),
              EndsWith("$ORIGIN rep.example.net.\n"
                       "$TTL 600\n"
                       "@ IN SOA ns1.example.net. dns\\.admin.example.net. 1170806410 3600 600 604800 30\n"
                       "@ IN NS ns1.example.net.\n"
                       "@ IN NS ns2.example.net.\n"
                       "test IN TXT \"bad\"\n"
                       "test IN A 127.0.0.9\n"
                       "bad.example IN TXT \"bad\"\n"
                       "bad.example IN A 127.0.0.9\n"
                       "good.example IN TXT \"good\"\n"
                       "good.example IN A 127.0.0.4\n"));
  EXPECT_EQ(std::filesystem::status(file_).permissions(), std::filesystem::perms{0644});
}

TEST_F(ReputationPublish, LeavesAFileAloneThatSaysTheSame) {
  publish();
  const std::string before = read(file_);
  const auto written = std::filesystem::last_write_time(file_);
  const Ran ran = publish();
  EXPECT_EQ(ran.code, ExitCode::ok);
  EXPECT_EQ(ran.out, "");
  EXPECT_EQ(ran.err, "rep.example.net serial 1170806410: unchanged, nothing was written\n");
  EXPECT_EQ(read(file_), before);
  EXPECT_EQ(std::filesystem::last_write_time(file_), written);
}

TEST_F(ReputationPublish, RaisesTheSerialWithEachChange) {
  publish();
  EXPECT_THAT(publish({"--refresh"}).out, HasSubstr("serial 1170806411:"));
  reputation({"set", "other.example", "unknown", "--note", "x"});
  EXPECT_THAT(publish().out, HasSubstr("serial 1170806412: 1 good, 0 medium, 1 bad, 1 unknown"));
  EXPECT_THAT(read(file_), HasSubstr("other.example IN TXT \"unknown\"\n"));
  EXPECT_THAT(publish({"--ttl", "6m"}).out, HasSubstr("serial 1170806413:"));
  std::filesystem::remove(file_);
  EXPECT_THAT(publish().out, HasSubstr("serial 1170806414:"));
}

TEST_F(ReputationPublish, GoesOnFromTheFileWhenTheStoreIsAnother) {
  publish();
  std::string text = read(file_);
  const std::string serial = "1170806410";
  text.replace(text.find(serial), serial.size(), "4294967295");
  write("rep.zone", text);
  EXPECT_THAT(publish({"--refresh"}).out, HasSubstr("serial 1170806411:"));  // on, round the end
  text.replace(text.find("4294967295"), serial.size(), "2026112203");
  write("rep.zone", text);
  EXPECT_THAT(publish({"--refresh"}).out, HasSubstr("serial 2026112204:"));
}

TEST_F(ReputationPublish, DoesNotOverwriteAnotherFile) {
  write("rep.zone", "all that I have\n");
  const Ran ran = publish();
  EXPECT_EQ(ran.code, ExitCode::cannot_create);
  EXPECT_THAT(ran.err, HasSubstr(file_ + ": is not the zone rep.example.net as \"tecs reputation publish\" "
                                         "writes it; --force overwrites it"));
  EXPECT_EQ(read(file_), "all that I have\n");
  EXPECT_EQ(publish({"--force"}).code, ExitCode::ok);
  EXPECT_THAT(read(file_), HasSubstr("$ORIGIN rep.example.net.\n"));
  const Ran other = reputation({"publish", "--zone", "other.example.net", "--out", file_});
  EXPECT_EQ(other.code, ExitCode::cannot_create);
  EXPECT_THAT(read(file_), HasSubstr("$ORIGIN rep.example.net.\n"));
}

// An empty store, or one that is not yet restored, in the place of the right one.
TEST_F(ReputationPublish, DoesNotReplaceAGoodZoneByAnEmptyOne) {
  publish();
  const std::string before = read(file_);
  const auto publish_from = [&](const std::string& store, std::vector<std::string> more) {
    more.insert(more.begin(), {"reputation", "publish", "--zone", "rep.example.net", "--out", file_, "--ns",
                               "ns1.example.net", "--store", "sqlite:" + path(store)});
    return run(more);
  };
  ASSERT_TRUE(open_verdict_database(*StoreName::parse("sqlite:" + path("new.db")), StoreMode::read_write));
  const Ran ran = publish_from("new.db", {});
  EXPECT_EQ(ran.code, ExitCode::data_error);
  EXPECT_EQ(ran.out, "");
  EXPECT_THAT(ran.err, HasSubstr(file_ + ": has 2 domains, and the store now 0: "));
  EXPECT_EQ(publish_from("new.db", {"--refresh"}).code, ExitCode::data_error);
  EXPECT_EQ(read(file_), before);
  EXPECT_EQ(publish_from("new.db", {"--force"}).code, ExitCode::ok);
  EXPECT_THAT(read(file_), EndsWith("test IN A 127.0.0.2\n"));
  EXPECT_EQ(publish_from("new.db", {}).code, ExitCode::ok);
}

TEST_F(ReputationPublish, WantsToBeToldWhenMoreThanHalfIsGone) {
  for (const std::string name : {"a", "b", "c"}) reputation({"set", name + ".example", "bad", "--note", "x"});
  publish();
  for (const std::string name : {"a", "b"}) reputation({"unset", name + ".example"});
  EXPECT_THAT(publish().out, HasSubstr("1 good, 0 medium, 2 bad, 0 unknown"));
  reputation({"unset", "c.example"});
  change("DELETE FROM reputation WHERE domain = 'bad.example'");
  const Ran ran = publish();
  EXPECT_EQ(ran.code, ExitCode::data_error);
  EXPECT_THAT(ran.err, HasSubstr("has 3 domains, and the store now 1: "));
  EXPECT_THAT(publish({"--force"}).out, HasSubstr("1 good, 0 medium, 0 bad, 0 unknown"));
}

// What is in the store when its turn comes, not what was there when it came.
TEST_F(ReputationPublish, WaitsForWhoeverWritesTheFile) {
  auto lock = FolderLock::take(file_);
  ASSERT_TRUE(lock);
  std::optional<FolderLock> held(*std::move(lock));
  auto later = std::async(std::launch::async, [&] { return publish(); });
  EXPECT_EQ(later.wait_for(std::chrono::milliseconds(50)), std::future_status::timeout);
  EXPECT_FALSE(std::filesystem::exists(file_));
  change("UPDATE reputation SET state = 'medium' WHERE domain = 'bad.example'");
  held.reset();
  EXPECT_THAT(later.get().out, HasSubstr("1 good, 1 medium, 0 bad"));
}

TEST_F(ReputationPublish, FillsAnEmptyFileAndKeepsItsPermissions) {
  write("rep.zone", "");
  std::filesystem::permissions(file_, std::filesystem::perms{0600});
  EXPECT_EQ(publish().code, ExitCode::ok);
  EXPECT_EQ(std::filesystem::status(file_).permissions(), std::filesystem::perms{0600});
}

TEST_F(ReputationPublish, WritesBehindALink) {
  write("real.zone", "");
  std::filesystem::create_symlink(path("real.zone"), file_);
  EXPECT_EQ(publish().code, ExitCode::ok);
  EXPECT_TRUE(std::filesystem::is_symlink(file_));
  EXPECT_THAT(read(path("real.zone")), HasSubstr("good.example IN TXT \"good\"\n"));
}

TEST_F(ReputationPublish, TellsWhatItLeavesOut) {
  const std::string long_name = std::string(60, 'a') + "." + std::string(60, 'b') + "." +
                                std::string(60, 'c') + "." + std::string(50, 'd') + ".example";
  for (const std::string& domain : {long_name, std::string("a.example\nb IN A 192.0.2.1")}) {
    change(
        "INSERT INTO reputation (domain, state, reason, time, number, organizational) "
        "VALUES ($1, 'bad', '', '', 0, 0)",
        {domain});
  }
  const Ran ran = publish();
  EXPECT_EQ(ran.code, ExitCode::ok);
  EXPECT_EQ(ran.err, "left out: " + long_name +
                         ", a name that is too long with the zone\n"
                         "left out: a.example\\x0Ab IN A 192.0.2.1, a text that is no domain name\n");
  EXPECT_THAT(read(file_), Not(HasSubstr("192.0.2.1")));
}

TEST_F(ReputationPublish, NamesAServerForItselfWhenNobodySaysOne) {
  const Ran ran = reputation({"publish", "--zone", "rep.example.net", "--out", file_});
  EXPECT_EQ(ran.code, ExitCode::ok);
  EXPECT_EQ(ran.err, "the zone names localhost as its name server; --ns says which one it is\n");
  EXPECT_THAT(read(file_), HasSubstr("@ IN SOA localhost. hostmaster.rep.example.net. "));
}

TEST_F(ReputationPublish, RefusesBadOptions) {
  struct Row {
    std::vector<std::string> options;
    std::string want;
    ExitCode want_code = ExitCode::usage;
  };
  const std::string long_zone = std::string(63, 'a') + "." + std::string(63, 'b') + "." +
                                std::string(63, 'c') + "." + std::string(62, 'd') + ".net";
  for (const Row& row : {
           Row{{"--out", file_}, "--zone: is not there, and does not stand in the configuration"},
           Row{{"--zone", "rep.example.net"}, "--out: is not there"},
           Row{{"--zone", "rep example.net", "--out", file_}, "not a domain name"},
           Row{{"--zone", long_zone, "--out", file_}, "not a domain name"},
           Row{{"--zone", "rep.example.net", "--out", file_, "--ns", "ns.rep.example.net"},
               "--ns: ns.rep.example.net is in the zone"},
           Row{{"--zone", "rep.example.net", "--out", file_, "--ns", "ns1 A"}, "not a domain name"},
           Row{{"--zone", "rep.example.net", "--out", file_, "--ttl", "8d"}, "must be from 1s to 7d"},
           Row{{"--zone", "rep.example.net", "--out", file_, "--negative-ttl", "4h"},
               "must be from 1s to 3h"},
           Row{{"--zone", "rep.example.net", "--out", file_, "--listed", "192.0.2.1=bad"},
               "192.0.2.1 cannot"},
           Row{{"--zone", "rep.example.net", "--out", file_, "--contact", "me"}, "a mail address"},
           Row{{"--zone", "rep.example.net", "--out", "/"}, "/: is not a file", ExitCode::cannot_create},
           Row{{"--zone", "rep.example.net", "--out", path("none/rep.zone")},
               "No such file",
               ExitCode::cannot_create},
       }) {
    std::vector<std::string> words{"publish"};
    words.insert(words.end(), row.options.begin(), row.options.end());
    const Ran ran = reputation(words);
    EXPECT_EQ(ran.code, row.want_code) << row.want;
    EXPECT_THAT(ran.err, HasSubstr(row.want));
    EXPECT_FALSE(std::filesystem::exists(file_)) << row.want;
  }
}

}  // namespace
}  // namespace tecs
