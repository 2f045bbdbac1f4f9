#include "sasl/auth_dialogue.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tecs {
namespace {

constexpr std::string_view greeting =
    "VERSION\t1\t2\nMECH\tTECS-1\nSPID\t77\nCUID\t1\nCOOKIE\t00112233445566778899aabbccddeeff\nDONE\n";

// An action in one line, so that a dialogue reads as one.
std::string written(const AuthDialogue::NextAction& action) {
  if (const auto* const write = std::get_if<AuthDialogue::Write>(&action)) return "write " + write->octets;
  if (const auto* const challenge = std::get_if<AuthDialogue::Challenge>(&action)) {
    return "challenge " + challenge->base64;
  }
  if (const auto* const passed = std::get_if<Passed>(&action)) return "passed " + passed->user;
  if (const auto* const refused = std::get_if<Refused>(&action)) return "refused " + refused->reason;
  if (const auto* const unavailable = std::get_if<Unavailable>(&action)) {
    EXPECT_EQ(unavailable->error.reason, Reason::protocol_error);
    return "unavailable " + unavailable->error.sentence;
  }
  return "read";
}

AuthRequest request(std::optional<std::string> response = "ZD1h") {
  return AuthRequest{4711, *Endpoint::parse("198.51.100.25:25"), *Endpoint::parse("192.0.2.10:40213"),
                     std::move(response)};
}

std::string next(AuthDialogue& dialogue) {
  return written(dialogue.next());
}

// Past the handshake and the AUTH.
AuthDialogue asked(std::optional<std::string> response = "ZD1h") {
  AuthDialogue dialogue(request(std::move(response)));
  EXPECT_EQ(next(dialogue), "write VERSION\t1\t2\nCPID\t4711\n");
  dialogue.received(greeting);
  EXPECT_TRUE(next(dialogue).starts_with("write AUTH\t1\tTECS-1\t"));
  EXPECT_EQ(next(dialogue), "read");
  return dialogue;
}

TEST(AuthDialogueTest, InitialResponsePasses) {
  AuthDialogue dialogue(request());
  EXPECT_EQ(next(dialogue), "write VERSION\t1\t2\nCPID\t4711\n");
  EXPECT_EQ(next(dialogue), "read");
  dialogue.received(greeting);
  EXPECT_EQ(next(dialogue),
            "write AUTH\t1\tTECS-1\tservice=smtp\tlip=198.51.100.25\tlport=25\trip=192.0.2.10\trport=40213\t"
            "resp=ZD1h\n");
  EXPECT_EQ(next(dialogue), "read");
  dialogue.received("OK\t1\tuser=tecs:jgc.org\n");
  EXPECT_EQ(next(dialogue), "passed tecs:jgc.org");
}

TEST(AuthDialogueTest, OctetsComeOneByOne) {
  AuthDialogue dialogue(request());
  (void)dialogue.next();
  std::string said;
  for (const char octet : std::string(greeting) + "OK\t1\tuser=tecs:jgc.org\n") {
    dialogue.received({&octet, 1});
    for (std::string action = next(dialogue); action != "read"; action = next(dialogue)) {
      said = action;
      if (action.starts_with("passed")) break;
    }
  }
  EXPECT_EQ(said, "passed tecs:jgc.org");
}

TEST(AuthDialogueTest, Ipv6IsWrittenWithoutBrackets) {
  AuthRequest ipv6 = request();
  ipv6.server = *Endpoint::parse("[2001:db8:51::25]:25");
  ipv6.client = *Endpoint::parse("[2001:db8:2::10]:40213");
  AuthDialogue dialogue(ipv6);
  (void)dialogue.next();
  dialogue.received(greeting);
  EXPECT_EQ(next(dialogue),
            "write AUTH\t1\tTECS-1\tservice=smtp\tlip=2001:db8:51::25\tlport=25\trip=2001:db8:2::10\t"
            "rport=40213\tresp=ZD1h\n");
}

TEST(AuthDialogueTest, AnEndThatIsNotKnownIsLeftOut) {
  AuthDialogue dialogue(AuthRequest{4711, std::nullopt, std::nullopt, "ZD1h"});
  (void)dialogue.next();
  dialogue.received(greeting);
  EXPECT_EQ(next(dialogue), "write AUTH\t1\tTECS-1\tservice=smtp\tresp=ZD1h\n");
}

TEST(AuthDialogueTest, EmptyInitialResponseIsNotAnAbsentOne) {
  AuthDialogue dialogue(request(""));
  (void)dialogue.next();
  dialogue.received(greeting);
  EXPECT_TRUE(next(dialogue).ends_with("\trport=40213\tresp==\n"));
}

TEST(AuthDialogueTest, ChallengeAndResponse) {
  AuthDialogue dialogue(request(std::nullopt));
  (void)dialogue.next();
  dialogue.received(greeting);
  EXPECT_TRUE(next(dialogue).ends_with("\trport=40213\n"));
  dialogue.received("CONT\t1\tYz0x\n");
  EXPECT_EQ(next(dialogue), "challenge Yz0x");
  dialogue.respond("ZD1h");
  EXPECT_EQ(next(dialogue), "write CONT\t1\tZD1h\n");
  EXPECT_EQ(next(dialogue), "read");
  dialogue.received("OK\t1\tuser=tecs:jgc.org\n");
  EXPECT_EQ(next(dialogue), "passed tecs:jgc.org");
}

TEST(AuthDialogueTest, EmptyChallengeAndEmptyResponse) {
  AuthDialogue dialogue = asked(std::nullopt);
  dialogue.received("CONT\t1\t\n");
  EXPECT_EQ(next(dialogue), "challenge ");
  dialogue.respond("");
  EXPECT_EQ(next(dialogue), "write CONT\t1\t\n");
}

struct Row {
  std::string name;
  std::string answer;  // to the AUTH; the door closes afterwards
  std::string want;
};

class AnswerTest : public testing::TestWithParam<Row> {};

TEST_P(AnswerTest, IsTakenAs) {
  AuthDialogue dialogue = asked();
  dialogue.received(GetParam().answer);
  dialogue.closed();
  EXPECT_EQ(next(dialogue), GetParam().want);
}

constexpr const char* no_domain = "unavailable the answer names no signing domain";
constexpr const char* not_asked = "unavailable the answer is to something that was not asked";

INSTANTIATE_TEST_SUITE_P(
    Rows, AnswerTest,
    testing::Values(
        Row{"Ok", "OK\t1\tuser=tecs:jgc.org\n", "passed tecs:jgc.org"},
        Row{"OkWithMore", "OK\t1\tanonymous\tuser=tecs:jgc.org\tlogin\n", "passed tecs:jgc.org"},
        Row{"OkOfAPerson", "OK\t1\tuser=root\n", no_domain}, Row{"OkOfNobody", "OK\t1\n", no_domain},
        Row{"OkOfAnEmptyDomain", "OK\t1\tuser=tecs:\n", no_domain},
        Row{"OkOfNoDomain", "OK\t1\tuser=tecs:a b.example\n", no_domain},
        Row{"OkOfAnotherCase", "OK\t1\tuser=tecs:JGC.org\n", no_domain},
        Row{"OkToAnother", "OK\t2\tuser=tecs:jgc.org\n", not_asked},
        Row{"Fail", "FAIL\t1\treason=signature-mismatch: not this one\n",
            "refused signature-mismatch: not this one"},
        Row{"FailWithoutReason", "FAIL\t1\n", "refused "},
        Row{"FailWithOddOctets", "FAIL\t1\treason=a\x1b[2J\xff\n", "refused a\\x1B[2J\\xFF"},
        Row{"FailWithALongReason", "FAIL\t1\treason=" + std::string(300, 'a') + "\n",
            "refused " + std::string(200, 'a') + "..."},
        Row{"FailForNow", "FAIL\t1\tuser=x\ttemp\n", "unavailable the answer is a temporary failure"},
        Row{"FailToAnother", "FAIL\t2\n", not_asked},
        Row{"ChallengeThatWasNotDue", "CONT\t1\tYz0x\n", "unavailable a challenge that was not due"},
        Row{"Closed", "", "unavailable closed without an answer"},
        Row{"ClosedInTheLine", "OK\t1\tuser=tecs:jgc.org", "unavailable closed without an answer"},
        Row{"UnknownLinesArePassedOver", "NEWS\t1\nOK\t1\tuser=tecs:jgc.org\n", "passed tecs:jgc.org"},
        Row{"EmptyLines", "\n\n", "unavailable closed without an answer"}),
    [](const auto& row) { return row.param.name; });

TEST(AuthDialogueTest, SecondChallengeIsNotDue) {
  AuthDialogue dialogue = asked(std::nullopt);
  dialogue.received("CONT\t1\t\n");
  (void)dialogue.next();
  dialogue.respond("ZD1h");
  (void)dialogue.next();
  dialogue.received("CONT\t1\t\n");
  EXPECT_EQ(next(dialogue), "unavailable a challenge that was not due");
}

class GreetingTest : public testing::TestWithParam<Row> {};

TEST_P(GreetingTest, IsRefused) {
  AuthDialogue dialogue(request());
  (void)dialogue.next();
  dialogue.received(GetParam().answer);
  dialogue.closed();
  EXPECT_EQ(next(dialogue), GetParam().want);
}

constexpr const char* no_version = "unavailable does not begin with VERSION 1";

INSTANTIATE_TEST_SUITE_P(
    Rows, GreetingTest,
    testing::Values(
        Row{"AnotherProtocol", "220 mx.example.net ESMTP\r\n", no_version},
        Row{"AnotherVersion", "VERSION\t2\t0\n", no_version},
        Row{"NoVersion", "MECH\tTECS-1\nDONE\n", no_version},
        Row{"DovecotItself", "VERSION\t1\t2\nMECH\tPLAIN\tplaintext\nMECH\tLOGIN\tplaintext\nDONE\n",
            "unavailable does not offer TECS-1"},
        Row{"Nothing", "", "unavailable closed before the end of its greeting"},
        Row{"NoEnd", "VERSION\t1\t2\nMECH\tTECS-1\n", "unavailable closed before the end of its greeting"}),
    [](const auto& row) { return row.param.name; });

TEST(AuthDialogueTest, LaterMinorVersionAndFurtherFieldsAreFine) {
  AuthDialogue dialogue(request());
  (void)dialogue.next();
  dialogue.received("VERSION\t1\t99\nMECH\tPLAIN\tplaintext\nMECH\tTECS-1\tmutual-auth\nNEW\tthing\nDONE\n");
  EXPECT_TRUE(next(dialogue).starts_with("write AUTH\t1\tTECS-1\t"));
}

TEST(AuthDialogueTest, WhateverHasNoEndIsGivenUp) {
  for (const std::string& piece : {std::string(1000, 'x'), std::string("NEW\tthing\n")}) {
    for (const bool handshake_over : {false, true}) {
      AuthDialogue dialogue = handshake_over ? asked() : AuthDialogue(request());
      std::size_t sent = 0;
      if (!handshake_over) {
        (void)dialogue.next();
        dialogue.received("VERSION\t1\t2\n");
      }
      std::string action = "read";
      for (; sent < 2 * AuthDialogue::maximum_octets && action == "read"; sent += piece.size()) {
        dialogue.received(piece);
        action = next(dialogue);
      }
      EXPECT_EQ(action, "unavailable more than 16384 octets and no answer");
      EXPECT_LE(sent, AuthDialogue::maximum_octets + piece.size());
    }
  }
}

}  // namespace
}  // namespace tecs
