// Dialogues are written as auth_player.hpp says.
#include "milter/auth_protocol.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <span>
#include <string>

#include "unit/milter/auth_player.hpp"

namespace tecs {
namespace {

using test::expected_of;
using test::lines_of;
using test::play;
using test::Player;
using test::verification_of;
using test::with_tabs;

constexpr const char* handshake =
    "c <- VERSION|1|2\nc <- MECH|TECS-1\nc <- SPID|77\nc <- CUID|3\nc <- COOKIE|00ff\nc <- DONE\n"
    "c -> VERSION|1|2\nc -> CPID|4711\n";

struct Dialogue {
  const char* name;
  const char* script;  // after the handshake
};

const Dialogue dialogues[] = {
    {"PassWithInitialResponse",
     "c -> AUTH|1|TECS-1|service=smtp|nologin|lip=192.0.2.25|rip=198.51.100.7|secured|resp=QUJD\n"
     "verify 198.51.100.7 QUJD\nresult jgc.org\nc <- OK|1|user=tecs:jgc.org\n"},
    {"PassAfterEmptyChallenge",
     "c -> AUTH|1|TECS-1|service=smtp|rip=198.51.100.7\nchallenge 198.51.100.7\ntell \nc <- CONT|1|\nc -> "
     "CONT|1|QUJD\n"
     "verify 198.51.100.7 QUJD\nresult jgc.org\nc <- OK|1|user=tecs:jgc.org\n"},
    {"PassAfterChallenge",
     "c -> AUTH|1|TECS-1|service=smtp|rip=198.51.100.7|rport=40213\nchallenge 198.51.100.7\n"
     "tell c=198.51.100.7:40213; t=1\nc <- CONT|1|Yz0xOTguNTEuMTAwLjc6NDAyMTM7IHQ9MQ==\n"
     "c -> CONT|1|QUJD\nverify 198.51.100.7 QUJD\nresult jgc.org\nc <- OK|1|user=tecs:jgc.org\n"},
    {"ChallengeOfWhomNothingIsKnown",
     "c -> AUTH|1|TECS-1\nchallenge ?\ntell \nc <- CONT|1|\nc -> CONT|1|QUJD\nverify ? QUJD\n"
     "result jgc.org\nc <- OK|1|user=tecs:jgc.org\n"},
    {"EmptyInitialResponseIsAResponse",
     "c -> AUTH|1|TECS-1|rip=198.51.100.7|resp==\nverify 198.51.100.7 \n"
     "result signature-mismatch\nc <- FAIL|1|reason=signature-mismatch: not one of this?connection??\n"},
    {"EmptyResponseAfterChallenge",
     "c -> AUTH|1|TECS-1|rip=198.51.100.7\nchallenge 198.51.100.7\ntell \nc <- CONT|1|\nc -> CONT|1|\nverify "
     "198.51.100.7 \n"
     "result key-revoked\nc <- FAIL|1|reason=key-revoked: the domain has revoked this key\n"},
    {"SecondTryAfterFailure",
     "c -> AUTH|1|TECS-1|rip=2001:db8::1|resp=QUJD\nverify 2001:db8::1 QUJD\n"
     "result key-revoked\nc <- FAIL|1|reason=key-revoked: the domain has revoked this key\n"
     "c -> AUTH|2|TECS-1|rip=2001:db8::1|resp=REVG\nverify 2001:db8::1 REVG\n"
     "result jgc.org\nc <- OK|2|user=tecs:jgc.org\n"},
    {"TemperrorIsSaidByClosing",
     "c -> AUTH|1|TECS-1|rip=198.51.100.7|resp=QUJD\nverify 198.51.100.7 QUJD\nresult dns-timeout\nclosed\n"},
    {"MechanismInAnyCase",
     "c -> AUTH|1|tecs-1|rip=198.51.100.7|resp=QUJD\nverify 198.51.100.7 QUJD\nresult jgc.org\n"
     "c <- OK|1|user=tecs:jgc.org\n"},
    {"OtherMechanism",
     "c -> AUTH|1|PLAIN|rip=198.51.100.7|resp=QUJD\n"
     "c <- FAIL|1|reason=unknown-mechanism: only TECS-1 is offered here\n"},
    {"AbortedByANewAuth",  // Postfix does not say that its client sent "*"
     "c -> AUTH|1|TECS-1|rip=198.51.100.7\nchallenge 198.51.100.7\ntell \nc <- CONT|1|\n"
     "c -> AUTH|2|TECS-1|rip=198.51.100.8|resp=QUJD\nverify 198.51.100.8 QUJD\nresult jgc.org\n"
     "c <- OK|2|user=tecs:jgc.org\n"
     "c -> CONT|1|QUJD\nc <- FAIL|1|reason=no-exchange: nothing was asked that this could answer\n"},
    {"Cancelled",
     "c -> AUTH|1|TECS-1|rip=198.51.100.7\nchallenge 198.51.100.7\ntell \nc <- CONT|1|\nc -> CANCEL|1\n"
     "c -> CONT|1|QUJD\nc <- FAIL|1|reason=no-exchange: nothing was asked that this could answer\n"},
    {"CancelOfAnother",
     "c -> AUTH|1|TECS-1|rip=198.51.100.7\nchallenge 198.51.100.7\ntell \nc <- CONT|1|\nc -> CANCEL|7\n"
     "c -> CONT|1|QUJD\nverify 198.51.100.7 QUJD\nresult jgc.org\nc <- OK|1|user=tecs:jgc.org\n"},
    {"ContForAnother",
     "c -> AUTH|1|TECS-1|rip=198.51.100.7\nchallenge 198.51.100.7\ntell \nc <- CONT|1|\n"
     "c -> CONT|2|QUJD\nc <- FAIL|2|reason=no-exchange: nothing was asked that this could answer\n"
     "c -> CONT|1|QUJD\nverify 198.51.100.7 QUJD\nresult jgc.org\nc <- OK|1|user=tecs:jgc.org\n"},
    {"ClientWithoutAnAddress",
     "c -> AUTH|1|TECS-1|rip=unknown|lip=fe80::1%eth0|resp=QUJD\nverify ? QUJD\nresult "
     "dns-timeout\nclosed\n"},
    {"NoClientAddressAtAll", "c -> AUTH|1|TECS-1|resp=QUJD\nverify ? QUJD\nresult dns-timeout\nclosed\n"},
    {"JunkAsResponseIsHandedOn",
     "c -> AUTH|1|TECS-1|rip=198.51.100.7|resp=!!=\x01\xff\nverify 198.51.100.7 !!=\x01\xff\nresult "
     "signature-mismatch\n"
     "c <- FAIL|1|reason=signature-mismatch: not one of this?connection??\n"},
    {"LargestId",
     "c -> AUTH|4294967295|TECS-1|rip=198.51.100.7|resp=QUJD\nverify 198.51.100.7 QUJD\nresult jgc.org\n"
     "c <- OK|4294967295|user=tecs:jgc.org\n"},
    {"UnknownCommand", "c -> USER|1|somebody\nbroken\n"},
    {"EmptyLine", "c -> \nbroken\n"},
    {"HandshakeTwice", "c -> CPID|4711\nbroken\n"},
    {"NoId", "c -> AUTH\nbroken\n"},
    {"IdIsNoNumber", "c -> AUTH|x|TECS-1\nbroken\n"},
    {"IdTooLarge", "c -> AUTH|4294967296|TECS-1\nbroken\n"},
    {"NegativeId", "c -> AUTH|-1|TECS-1\nbroken\n"},
    {"ContWithoutId", "c -> CONT\nbroken\n"},
    {"CancelWithoutId", "c -> CANCEL|\nbroken\n"},
    {"PortIsNoNumber", "c -> AUTH|1|TECS-1|rip=198.51.100.7|rport=smtp|resp=QUJD\nbroken\n"},
    {"PortTooLarge", "c -> AUTH|1|TECS-1|rip=198.51.100.7|lport=65536|resp=QUJD\nbroken\n"},
    {"AddressTwice", "c -> AUTH|1|TECS-1|rip=198.51.100.7|rip=198.51.100.8|resp=QUJD\nbroken\n"},
    {"ParameterAfterResponse", "c -> AUTH|1|TECS-1|rip=198.51.100.7|resp=QUJD|rip=198.51.100.8\nbroken\n"},
};

class AuthDialogue : public testing::TestWithParam<Dialogue> {
 protected:
  std::string script() const { return handshake + std::string(GetParam().script); }
};

TEST_P(AuthDialogue, GoesAsWrittenInPiecesOfAnySize) {
  for (const std::size_t piece : {65536U, 7U, 1U})
    EXPECT_EQ(play(script(), piece), expected_of(script())) << piece;
}

// At each line of the MTA, one octet after the other is missing and the stream ends: what was said until then
// stays as it was, and nothing more is said or asked.
TEST_P(AuthDialogue, SaysNoMoreWhenTheStreamEndsAnywhere) {
  const auto lines = lines_of(script());
  for (std::size_t broken = 0; broken < lines.size(); ++broken) {
    if (!lines[broken].starts_with("c -> ")) continue;
    Player player(65536);
    player.play(std::span(lines).first(broken));
    const std::string before = player.seen();
    player.say(with_tabs(lines[broken].substr(5)));
    EXPECT_EQ(player.seen(), before) << lines[broken];
  }
}

// At each line of the MTA comes something else: the connection ends, and no OK was said after that.
TEST_P(AuthDialogue, EndsWhenAnyLineIsJunk) {
  const auto lines = lines_of(script());
  for (std::size_t broken = 0; broken < lines.size(); ++broken) {
    if (!lines[broken].starts_with("c -> ")) continue;
    Player player(65536);
    player.play(std::span(lines).first(broken));
    const std::string before = player.seen();
    player.say(std::string("\x16\x03\x01\0junk\n", 9));
    EXPECT_EQ(player.seen(), before + "broken\n") << lines[broken];
  }
}

INSTANTIATE_TEST_SUITE_P(All, AuthDialogue, testing::ValuesIn(dialogues),
                         [](const auto& instance) { return std::string(instance.param.name); });

TEST(AuthProtocol, HandshakeIsStrict) {
  const char* const rows[] = {
      "c -> VERSION|2|0\nbroken\n",
      "c -> CPID|4711\nbroken\n",
      "c -> AUTH|1|TECS-1|resp=x\nbroken\n",
      "c -> VERSION|1|2\nc -> CPID|0\nbroken\n",
      "c -> VERSION|1|2\nc -> CPID|x\nbroken\n",
      "c -> VERSION|1|2\nc -> AUTH|1|TECS-1\nbroken\n",
      "c -> VERSION|1|2\nc -> VERSION|1|2\nbroken\n",
  };
  for (const char* const row : rows) EXPECT_TRUE(play(row, 65536).ends_with("DONE\nbroken\n")) << row;
}

TEST(AuthProtocol, OlderMinorVersionIsTaken) {
  EXPECT_TRUE(
      play("c -> VERSION|1|0\nc -> CPID|1\nc -> AUTH|1|TECS-1\ntell \n", 65536).ends_with("CONT\t1\t\n"));
}

TEST(AuthProtocol, HandsOnAllThatIsKnownOfTheOrigin) {
  AuthProtocol protocol(AuthGreeting{77, 3, "00ff"});
  std::ignore = protocol.next();
  protocol.received("VERSION\t1\t2\nCPID\t4711\n");
  protocol.received("AUTH\t1\tTECS-1\tlip=192.0.2.25\tlport=25\trip=198.51.100.7\trport=40213\tresp=QUJD\n");
  const auto action = protocol.next();
  const SessionQuery expected{
      *IpAddress::parse("198.51.100.7"), 40213, *IpAddress::parse("192.0.2.25"), 25, 4711, 3};
  ASSERT_TRUE(std::holds_alternative<AuthProtocol::Authenticate>(action));
  EXPECT_EQ(std::get<AuthProtocol::Authenticate>(action).origin, expected);
}

TEST(AuthProtocol, BoundsALineWithAndWithoutItsEnd) {
  const std::string start = "AUTH\t1\tTECS-1\trip=198.51.100.7\tresp=";
  const std::string longest = start + std::string(AuthProtocol::maximum_line - start.size(), 'A');
  struct Row {
    std::string line;
    const char* ends_with;
  };
  const Row rows[] = {{longest + "\n", "A\n"},
                      {longest, "DONE\n"},
                      {longest + "A\n", "broken\n"},
                      {longest + "A", "broken\n"}};
  for (const Row& row : rows) {
    Player player(4096);
    player.say("VERSION\t1\t2\nCPID\t1\n");
    player.say(row.line);
    EXPECT_TRUE(player.seen().ends_with(row.ends_with)) << row.line.size();
  }
}

// An MTA that is amid a line has a limit of time, one that has nothing to ask has none.
TEST(AuthProtocol, KnowsWhetherALineIsOwed) {
  AuthProtocol protocol(AuthGreeting{});
  std::ignore = protocol.next();
  EXPECT_TRUE(protocol.amid_line()) << "the handshake";
  const auto say = [&protocol](std::string_view octets) {
    protocol.received(octets);
    return protocol.next();
  };
  ASSERT_TRUE(std::holds_alternative<AuthProtocol::Read>(say("VERSION\t1\t2\n")));
  EXPECT_TRUE(protocol.amid_line());
  ASSERT_TRUE(std::holds_alternative<AuthProtocol::Read>(say("CPID\t1\n")));
  EXPECT_FALSE(protocol.amid_line());
  ASSERT_TRUE(std::holds_alternative<AuthProtocol::Read>(say("A")));
  EXPECT_TRUE(protocol.amid_line());
  ASSERT_TRUE(std::holds_alternative<AuthProtocol::Challenge>(say("UTH\t1\tTECS-1\n")));
  protocol.challenge("");
  ASSERT_TRUE(std::holds_alternative<AuthProtocol::Write>(protocol.next()));
  ASSERT_TRUE(std::holds_alternative<AuthProtocol::Read>(protocol.next()));
  EXPECT_FALSE(protocol.amid_line()) << "the client may think for as long as the MTA lets it";
}

TEST(AuthProtocol, SeveralRequestsInOnePieceAreAnsweredInOrder) {
  AuthProtocol protocol(AuthGreeting{});
  std::ignore = protocol.next();
  protocol.received("VERSION\t1\t2\nCPID\t1\nAUTH\t1\tTECS-1\tresp=QQ==\nAUTH\t2\tTECS-1\tresp=Qg==\n");
  std::string octets;
  for (const char* const response : {"QQ==", "Qg=="}) {
    const auto action = protocol.next();
    ASSERT_TRUE(std::holds_alternative<AuthProtocol::Authenticate>(action));
    EXPECT_EQ(std::get<AuthProtocol::Authenticate>(action).response, response);
    protocol.answer(verification_of("jgc.org"));
    octets += std::get<AuthProtocol::Write>(protocol.next()).octets;
  }
  EXPECT_EQ(octets, "OK\t1\tuser=tecs:jgc.org\nOK\t2\tuser=tecs:jgc.org\n");
  EXPECT_TRUE(std::holds_alternative<AuthProtocol::Read>(protocol.next()));
}

TEST(AuthProtocol, AReasonIsShort) {
  AuthProtocol protocol(AuthGreeting{});
  std::ignore = protocol.next();
  protocol.received("VERSION\t1\t2\nCPID\t1\nAUTH\t1\tTECS-1\tresp=QQ==\n");
  ASSERT_TRUE(std::holds_alternative<AuthProtocol::Authenticate>(protocol.next()));
  protocol.answer(failed_verification({Reason::bad_credential, std::string(5000, 'x')}));
  EXPECT_LT(std::get<AuthProtocol::Write>(protocol.next()).octets.size(), 300U);
}

}  // namespace
}  // namespace tecs
