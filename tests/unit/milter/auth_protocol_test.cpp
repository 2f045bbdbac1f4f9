// Dialogues are written as "c -> line" (the MTA sends), "c <- line" (it receives), "verify address response"
// (what is handed on to be verified), "result reason-or-domain" (what came of it) and "closed" or "broken"
// for the two ways to end. A '|' stands for TAB.
#include "milter/auth_protocol.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <span>
#include <sstream>
#include <string>
#include <vector>

namespace tecs {
namespace {

constexpr const char* handshake =
    "c <- VERSION|1|2\nc <- MECH|TECS-1\nc <- SPID|77\nc <- CUID|3\nc <- COOKIE|00ff\nc <- DONE\n"
    "c -> VERSION|1|2\nc -> CPID|4711\n";

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::string with_tabs(std::string text) {
  std::replace(text.begin(), text.end(), '|', '\t');
  return text;
}

Verification verification_of(const std::string& text) {
  if (text.find('.') == std::string::npos) {
    if (text == "dns-timeout") return failed_verification({Reason::dns_timeout, "no answer"});
    if (text == "key-revoked")
      return failed_verification({Reason::key_revoked, "the domain has revoked this key"});
    return failed_verification({Reason::signature_mismatch, "not one of this\tconnection\n\x7f"});
  }
  Verification verification;
  verification.result = Result::pass;
  verification.domain = *Domain::parse(text);
  return verification;
}

// Plays what the MTA sends, in pieces of so many octets, and writes down what comes of it in the same words.
class Player {
 public:
  explicit Player(std::size_t piece) : piece_(piece) { drain(); }

  void say(const std::string& octets) {
    for (std::size_t at = 0; at < octets.size() && !ended_; at += piece_) {
      protocol_.received(octets.substr(at, piece_));
      drain();
    }
  }
  void result(const std::string& text) {
    protocol_.answer(verification_of(text));
    drain();
  }
  // What the test itself does in these lines of a script.
  void play(std::span<const std::string> lines) {
    for (const std::string& line : lines) {
      if (line.starts_with("c -> ")) say(with_tabs(line.substr(5)) + "\n");
      if (line.starts_with("result ")) result(line.substr(7));
    }
  }
  [[nodiscard]] const std::string& seen() const { return seen_; }

 private:
  void drain() {
    while (!ended_) {
      auto action = protocol_.next();
      if (const auto* const write = std::get_if<AuthProtocol::Write>(&action)) {
        EXPECT_TRUE(write->octets.ends_with('\n'));
        for (const std::string& line : lines_of(write->octets)) seen_ += "c <- " + line + "\n";
      } else if (const auto* const request = std::get_if<AuthProtocol::Authenticate>(&action)) {
        const auto& client = request->origin.client;
        seen_ += "verify " + (client ? client->format() : "?") + " " + request->response + "\n";
        return;
      } else if (const auto* const close = std::get_if<AuthProtocol::Close>(&action)) {
        seen_ += close->error ? "broken\n" : "closed\n";
        ended_ = true;
      } else {
        return;
      }
    }
  }

  AuthProtocol protocol_{AuthGreeting{77, 3, "00ff"}};
  std::size_t piece_;
  std::string seen_;
  bool ended_ = false;
};

// Everything of the script but what the test itself does.
std::string expected_of(const std::string& script) {
  std::string expected;
  for (const std::string& line : lines_of(script)) {
    if (!line.starts_with("c -> ") && !line.starts_with("result ")) expected += with_tabs(line) + "\n";
  }
  return expected;
}

std::string play(const std::string& script, std::size_t piece) {
  Player player(piece);
  player.play(lines_of(script));
  return player.seen();
}

struct Dialogue {
  const char* name;
  const char* script;  // after the handshake
};

const Dialogue dialogues[] = {
    {"PassWithInitialResponse",
     "c -> AUTH|1|TECS-1|service=smtp|nologin|lip=192.0.2.25|rip=198.51.100.7|secured|resp=QUJD\n"
     "verify 198.51.100.7 QUJD\nresult jgc.org\nc <- OK|1|user=tecs:jgc.org\n"},
    {"PassAfterEmptyChallenge",
     "c -> AUTH|1|TECS-1|service=smtp|rip=198.51.100.7\nc <- CONT|1|\nc -> CONT|1|QUJD\n"
     "verify 198.51.100.7 QUJD\nresult jgc.org\nc <- OK|1|user=tecs:jgc.org\n"},
    {"EmptyInitialResponseIsAResponse",
     "c -> AUTH|1|TECS-1|rip=198.51.100.7|resp==\nverify 198.51.100.7 \n"
     "result signature-mismatch\nc <- FAIL|1|reason=signature-mismatch: not one of this?connection??\n"},
    {"EmptyResponseAfterChallenge",
     "c -> AUTH|1|TECS-1|rip=198.51.100.7\nc <- CONT|1|\nc -> CONT|1|\nverify 198.51.100.7 \n"
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
     "c -> AUTH|1|TECS-1|rip=198.51.100.7\nc <- CONT|1|\n"
     "c -> AUTH|2|TECS-1|rip=198.51.100.8|resp=QUJD\nverify 198.51.100.8 QUJD\nresult jgc.org\n"
     "c <- OK|2|user=tecs:jgc.org\n"
     "c -> CONT|1|QUJD\nc <- FAIL|1|reason=no-exchange: nothing was asked that this could answer\n"},
    {"Cancelled",
     "c -> AUTH|1|TECS-1|rip=198.51.100.7\nc <- CONT|1|\nc -> CANCEL|1\n"
     "c -> CONT|1|QUJD\nc <- FAIL|1|reason=no-exchange: nothing was asked that this could answer\n"},
    {"CancelOfAnother",
     "c -> AUTH|1|TECS-1|rip=198.51.100.7\nc <- CONT|1|\nc -> CANCEL|7\n"
     "c -> CONT|1|QUJD\nverify 198.51.100.7 QUJD\nresult jgc.org\nc <- OK|1|user=tecs:jgc.org\n"},
    {"ContForAnother",
     "c -> AUTH|1|TECS-1|rip=198.51.100.7\nc <- CONT|1|\n"
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
  EXPECT_TRUE(play("c -> VERSION|1|0\nc -> CPID|1\nc -> AUTH|1|TECS-1\n", 65536).ends_with("CONT\t1\t\n"));
}

TEST(AuthProtocol, HandsOnAllThatIsKnownOfTheOrigin) {
  AuthProtocol protocol(AuthGreeting{});
  std::ignore = protocol.next();
  protocol.received("VERSION\t1\t2\nCPID\t4711\n");
  protocol.received("AUTH\t1\tTECS-1\tlip=192.0.2.25\tlport=25\trip=198.51.100.7\trport=40213\tresp=QUJD\n");
  const auto action = protocol.next();
  const SessionQuery expected{*IpAddress::parse("198.51.100.7"), 40213, *IpAddress::parse("192.0.2.25"), 25,
                              4711};
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
