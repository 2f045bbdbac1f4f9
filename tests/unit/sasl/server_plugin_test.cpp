// The mechanism as the MTA of a server sees it.
#include <dirent.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <vector>

#include "unit/sasl/scripted_door.hpp"
#include "unit/sasl/server_plugin_fixture.hpp"

namespace tecs {
namespace {

using namespace test;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

std::size_t open_descriptors() {
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(opendir("/proc/self/fd"), closedir);
  std::size_t count = 0;
  while (readdir(folder.get()) != nullptr) ++count;  // NOLINT(concurrency-mt-unsafe)
  return count;
}

INSTANTIATE_TEST_SUITE_P(Plugin, ServerPluginTest, testing::Values(Origin::loaded, Origin::linked),
                         [](const auto& row) { return row.param == Origin::loaded ? "Loaded" : "Linked"; });

TEST_P(ServerPluginTest, OfferedWithThePropertiesThatMtasAskFor) {
  door_at("unix:/run/tecs/sasl");
  const Connection connection = connect();
  sasl_security_properties_t wanted{};
  wanted.security_flags = SASL_SEC_NOANONYMOUS | SASL_SEC_NOPLAINTEXT | SASL_SEC_NODICTIONARY;
  ASSERT_EQ(sasl_setprop(connection.get(), SASL_SEC_PROPS, &wanted), SASL_OK);
  EXPECT_THAT(offered(connection.get()), HasSubstr("TECS-1"));
}

// A success is nobody's login, and this plugin is loaded into whatever uses Cyrus SASL here.
TEST_P(ServerPluginTest, NotOfferedForAnotherService) {
  door_at("unix:/run/tecs/sasl");
  for (const char* const service : {"imap", "ldap", "sieve", "SMTP"}) {
    const Connection connection = connect(server_end, client_end, service);
    EXPECT_THAT(offered(connection.get()), Not(HasSubstr("TECS-1"))) << service;
    EXPECT_EQ(start(connection.get()).code, SASL_NOMECH) << service;
  }
}

TEST_P(ServerPluginTest, NotOfferedUnlessConfigured) {
  const Connection connection = connect();
  EXPECT_THAT(offered(connection.get()), Not(HasSubstr("TECS-1")));
  EXPECT_EQ(start(connection.get()).code, SASL_NOMECH);
  EXPECT_THAT(application.log, Not(Contains(HasSubstr("TECS-1: "))));
}

// An smtpd of Postfix that has nothing to offer dies.
TEST_P(ServerPluginTest, OfferedAlsoWhenConfiguredWronglyAndFails) {
  door_at("/run/tecs/sasl");
  const Connection connection = connect();
  EXPECT_THAT(offered(connection.get()), HasSubstr("TECS-1"));
  EXPECT_EQ(start(connection.get()).code, SASL_UNAVAIL);
  EXPECT_THAT(application.log, Contains(HasSubstr("TECS-1: tecs_socket: a socket is written")));
}

TEST_P(ServerPluginTest, Passes) {
  ScriptedDoor door(answering("OK\t1\tuser=tecs:jgc.org\n"));
  door_at(door.option());
  const Connection connection = connect();
  EXPECT_EQ(start(connection.get()).code, SASL_OK);
  EXPECT_EQ(property(connection.get(), SASL_USERNAME), "tecs:jgc.org");
  EXPECT_EQ(property(connection.get(), SASL_AUTHUSER), "tecs:jgc.org");
  door.join();
  ASSERT_EQ(door.heard().size(), 3U);
  EXPECT_EQ(door.heard()[1], "CPID\t" + std::to_string(getpid()));
  EXPECT_EQ(door.heard()[2],
            "AUTH\t1\tTECS-1\tservice=smtp\tlip=198.51.100.25\tlport=25\trip=192.0.2.10\trport=40213\tresp=" +
                std::string(credential_in_base64));
}

TEST_P(ServerPluginTest, Ipv6) {
  ScriptedDoor door(answering("OK\t1\tuser=tecs:jgc.org\n"));
  door_at(door.option());
  const Connection connection = connect("2001:db8:51::25;25", "2001:db8:2::10;40213");
  EXPECT_EQ(start(connection.get()).code, SASL_OK);
  door.join();
  EXPECT_THAT(door.heard(),
              Contains(HasSubstr("\tlip=2001:db8:51::25\tlport=25\trip=2001:db8:2::10\trport=40213\t")));
}

// The door may know the connection from the milter, so it is asked all the same.
TEST_P(ServerPluginTest, AsksAlsoWhenTheMtaGivesNoEndPoints) {
  ScriptedDoor door(answering("OK\t1\tuser=tecs:jgc.org\n"));
  door_at(door.option());
  const Connection connection = connect(nullptr, nullptr);
  EXPECT_EQ(start(connection.get()).code, SASL_OK);
  door.join();
  EXPECT_THAT(door.heard(),
              Contains("AUTH\t1\tTECS-1\tservice=smtp\tresp=" + std::string(credential_in_base64)));
}

TEST_P(ServerPluginTest, ChallengeWhenThereIsNoInitialResponse) {
  ScriptedDoor door([](ScriptedDoor::Peer& peer) {
    peer.say(test::door_greeting);
    for (int line = 0; line < 3; ++line) (void)peer.hear();
    peer.say("CONT\t1\tYz0xOTIuMC4yLjEwOjQwMjEzOyB0PTE=\n");
    (void)peer.hear();
    peer.say("OK\t1\tuser=tecs:jgc.org\n");
    peer.wait_for_the_end();
  });
  door_at(door.option());
  const Connection connection = connect();
  const Answer challenge = start(connection.get(), nullptr, 0);
  EXPECT_EQ(challenge.code, SASL_CONTINUE);
  EXPECT_EQ(challenge.challenge, "c=192.0.2.10:40213; t=1");
  EXPECT_EQ(respond(connection.get(), credential).code, SASL_OK);
  EXPECT_EQ(property(connection.get(), SASL_USERNAME), "tecs:jgc.org");
  door.join();
  EXPECT_EQ(door.heard().back(), "CONT\t1\t" + std::string(credential_in_base64));
}

TEST_P(ServerPluginTest, EmptyInitialResponse) {
  ScriptedDoor door(answering("FAIL\t1\treason=missing-tag\n"));
  door_at(door.option());
  const Connection connection = connect();
  EXPECT_EQ(start(connection.get(), "", 0).code, SASL_BADAUTH);
  door.join();
  EXPECT_THAT(door.heard().back(), testing::EndsWith("\tresp=="));
}

struct Row {
  std::string what;
  std::string answer;
  int want;
  std::string log;
};

TEST_P(ServerPluginTest, AnswersThatAreNoPass) {
  const std::vector<Row> rows = {
      {"refused", "FAIL\t1\treason=signature-mismatch: not this one\n", SASL_BADAUTH,
       "TECS-1: signature-mismatch: not this one"},
      {"junk", "\x01\x02 no line of this protocol\n\n\n", SASL_UNAVAIL, "closed without an answer"},
      {"a person's login", "OK\t1\tuser=root\n", SASL_UNAVAIL, "names no signing domain"},
      {"challenge after an initial response", "CONT\t1\t\n", SASL_UNAVAIL, "not due"},
      {"a line without end", std::string(20000, 'x'), SASL_UNAVAIL, "more than 16384 octets"},
  };
  for (const Row& row : rows) {
    ScriptedDoor door([&row](ScriptedDoor::Peer& peer) {
      peer.say(test::door_greeting);
      for (int line = 0; line < 3; ++line) (void)peer.hear();
      peer.say(row.answer);
    });
    door_at(door.option());
    const Connection connection = connect();
    EXPECT_EQ(start(connection.get()).code, row.want) << row.what;
    EXPECT_THAT(application.log, Contains(HasSubstr(row.log))) << row.what;
    EXPECT_EQ(property(connection.get(), SASL_USERNAME), "") << row.what;
  }
}

// temperror (PROTOCOL section 5).
TEST_P(ServerPluginTest, DoorThatClosesWithoutAnAnswer) {
  ScriptedDoor door([](ScriptedDoor::Peer& peer) {
    peer.say(test::door_greeting);
    for (int line = 0; line < 3; ++line) (void)peer.hear();
  });
  door_at(door.option());
  const Connection connection = connect();
  EXPECT_EQ(start(connection.get()).code, SASL_UNAVAIL);
}

TEST_P(ServerPluginTest, ChallengeThatIsNotBase64) {
  ScriptedDoor door(answering("CONT\t1\t!!!!\n"));
  door_at(door.option());
  const Connection connection = connect();
  EXPECT_EQ(start(connection.get(), nullptr, 0).code, SASL_UNAVAIL);
}

TEST_P(ServerPluginTest, DoorIsAway) {
  door_at("unix:" + empty.file("sasl"));
  const Connection connection = connect();
  EXPECT_EQ(start(connection.get()).code, SASL_UNAVAIL);
  EXPECT_THAT(application.log, Contains(HasSubstr("TECS-1: tecs_socket: No such file or directory")));
}

TEST_P(ServerPluginTest, SilentDoor) {
  ScriptedDoor door([](ScriptedDoor::Peer& peer) { peer.wait_for_the_end(); });
  door_at(door.option());
  application.configuration["tecs_timeout"] = "1";
  const Connection connection = connect();
  EXPECT_EQ(start(connection.get()).code, SASL_UNAVAIL);
  EXPECT_THAT(application.log, Contains(HasSubstr("Connection timed out")));
}

// It would make the door close, and look like its fault.
TEST_P(ServerPluginTest, ResponseThatIsTooLongIsNotSentOn) {
  ScriptedDoor door(answering("CONT\t1\t\n"));
  door_at(door.option());
  {
    const Connection connection = connect();
    EXPECT_EQ(start(connection.get(), std::string(9217, 'x')).code, SASL_BADPROT);
  }
  {
    const Connection connection = connect();
    EXPECT_EQ(start(connection.get(), nullptr, 0).code, SASL_CONTINUE);
    EXPECT_EQ(respond(connection.get(), std::string(9217, 'x')).code, SASL_BADPROT);
  }
  door.join();
  EXPECT_THAT(door.heard(), Not(Contains(HasSubstr("eHh4"))));
}

TEST_P(ServerPluginTest, LongestResponseIsSentOn) {
  ScriptedDoor door(answering("FAIL\t1\treason=credential-too-long\n"));
  door_at(door.option());
  const Connection connection = connect();
  EXPECT_EQ(start(connection.get(), std::string(9216, 'x')).code, SASL_BADAUTH);
}

TEST_P(ServerPluginTest, TwoConnectionsAtTheSameTime) {
  ScriptedDoor door([](ScriptedDoor::Peer& peer) {
    peer.say(test::door_greeting);
    for (int line = 0; line < 3; ++line) (void)peer.hear();
    peer.say("CONT\t1\t\n");
    const std::string response = peer.hear();
    peer.say(response == "CONT\t1\tb25l" ? "OK\t1\tuser=tecs:one.example\n"
                                         : "OK\t1\tuser=tecs:two.example\n");
    peer.wait_for_the_end();
  });
  door_at(door.option());
  const Connection one = connect();
  const Connection two = connect();
  EXPECT_EQ(start(one.get(), nullptr, 0).code, SASL_CONTINUE);
  EXPECT_EQ(start(two.get(), nullptr, 0).code, SASL_CONTINUE);
  EXPECT_EQ(respond(two.get(), "two").code, SASL_OK);
  EXPECT_EQ(respond(one.get(), "one").code, SASL_OK);
  EXPECT_EQ(property(one.get(), SASL_USERNAME), "tecs:one.example");
  EXPECT_EQ(property(two.get(), SASL_USERNAME), "tecs:two.example");
}

TEST_P(ServerPluginTest, SecondTryOfTheSameConnection) {
  ScriptedDoor door([](ScriptedDoor::Peer& peer) {
    peer.say(test::door_greeting);
    for (int line = 0; line < 2; ++line) (void)peer.hear();
    const bool good = peer.hear().ends_with(credential_in_base64);
    peer.say(good ? "OK\t1\tuser=tecs:jgc.org\n" : "FAIL\t1\treason=bad-credential\n");
    peer.wait_for_the_end();
  });
  door_at(door.option());
  const Connection connection = connect();
  EXPECT_EQ(start(connection.get(), "nonsense").code, SASL_BADAUTH);
  EXPECT_EQ(start(connection.get()).code, SASL_OK);
}

TEST_P(ServerPluginTest, NoDescriptorOutlivesItsExchange) {
  ScriptedDoor door(answering("CONT\t1\t\n"));
  door_at(door.option());
  (void)start(connect().get(), nullptr, 0);  // what libsasl2 opens for itself, it has opened now
  const std::size_t before = open_descriptors();
  std::vector<Connection> answered;
  for (int round = 0; round < 5; ++round) {
    (void)start(connect().get(), nullptr, 0);  // the client goes away instead of answering
    answered.push_back(connect());
    EXPECT_EQ(start(answered.back().get()).code, SASL_UNAVAIL);
  }
  door.join();  // its ends are closed as well
  EXPECT_LE(open_descriptors(), before);
}

}  // namespace
}  // namespace tecs
