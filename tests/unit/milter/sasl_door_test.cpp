#include "milter/sasl_door.hpp"

#include <gtest/gtest.h>
#include <spdlog/sinks/null_sink.h>

#include <atomic>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "tecs/adapters/system_clock.hpp"
#include "unit/milter/door_client.hpp"
#include "unit/verdicts/temporary_directory.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view client_handshake = "VERSION\t1\t2\nCPID\t4711\n";

// Says yes to "yes", DNS is down for "down", "wait" waits until the test lets it go on, "throw" is a bug.
class SaslDoorTest : public testing::Test {
 protected:
  void open(SaslDoorOptions options = {}) {
    door.emplace(
        *ListeningSocket::open(address),
        AuthCalls{
            [](const SessionQuery& origin) { return origin.client ? origin.client->format() : ""; },
            [this](const SessionQuery&, const std::string& response) { return authenticate(response); }},
        clock, std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::null_sink_mt>()),
        options);
  }
  ~SaslDoorTest() override {
    let_go_on();
    door.reset();
  }
  void let_go_on() {
    if (!released) go_on.set_value();
    released = true;
  }

  Verification authenticate(const std::string& response) {
    if (response == "throw") throw std::runtime_error("a bug");
    if (response == "down") return failed_verification({Reason::dns_timeout, "no answer"});
    if (response == "wait") {
      ++waiting;
      waiting.notify_all();
      gone_on.wait();
    }
    if (response == "no") return failed_verification({Reason::signature_mismatch, "not this one"});
    Verification verification;
    verification.result = Result::pass;
    verification.domain = *Domain::parse("jgc.org");
    return verification;
  }

  // Connects, reads the handshake, and says its own.
  std::unique_ptr<test::DoorClient> connect() {
    auto client = std::make_unique<test::DoorClient>(address);
    EXPECT_TRUE(client->receive_until("DONE\n").ends_with("DONE\n"));
    client->send(client_handshake);
    return client;
  }
  static std::string ask(test::DoorClient& client, const std::string& response) {
    client.send("AUTH\t1\tTECS-1\trip=198.51.100.7\tresp=" + response + "\n");
    return client.receive_until("\n");
  }

  test::TemporaryDirectory directory;
  DoorAddress address = *DoorAddress::parse("unix:" + directory.file("sasl"));
  SystemClock clock;
  std::promise<void> go_on;
  std::shared_future<void> gone_on = go_on.get_future().share();
  bool released = false;
  std::atomic<int> waiting{0};
  std::optional<SaslDoor> door;
};

TEST_F(SaslDoorTest, HandshakeComesBeforeTheClientSaysAnything) {
  open();
  test::DoorClient client(address);
  const std::string handshake = client.receive_until("DONE\n");
  EXPECT_TRUE(handshake.starts_with("VERSION\t1\t2\nMECH\tTECS-1\nSPID\t")) << handshake;
  test::DoorClient another(address);
  EXPECT_NE(another.receive_until("DONE\n"), handshake) << "number and cookie differ";
}

TEST_F(SaslDoorTest, AnswersOneRequestAfterTheOther) {
  open();
  const auto client = connect();
  EXPECT_EQ(ask(*client, "no"), "FAIL\t1\treason=signature-mismatch: not this one\n");
  EXPECT_EQ(ask(*client, "yes"), "OK\t1\tuser=tecs:jgc.org\n");
}

TEST_F(SaslDoorTest, TemperrorClosesThisConnectionOnly) {
  open();
  const auto other = connect();
  const auto client = connect();
  EXPECT_EQ(ask(*client, "down"), "");
  EXPECT_TRUE(client->closed());
  EXPECT_EQ(ask(*other, "yes"), "OK\t1\tuser=tecs:jgc.org\n");
}

// Postfix would lose its next request to a connection that was closed and not reset.
TEST_F(SaslDoorTest, OverTcpTemperrorResetsTheConnection) {
  address = *DoorAddress::parse("inet:127.0.0.1:" + std::to_string(test::free_port()));
  open();
  const auto client = connect();
  client->send("AUTH\t1\tTECS-1\tresp=down\n");
  EXPECT_TRUE(client->reset());
  const auto again = connect();
  EXPECT_EQ(ask(*again, "yes"), "OK\t1\tuser=tecs:jgc.org\n");
}

// Every way to break off leaves the others as they were (Dovecot CVE-2019-11494, CVE-2025-59028).
TEST_F(SaslDoorTest, WhateverOneConnectionDoesTheOthersGoOn) {
  open();
  const auto other = connect();
  for (const std::string& octets :
       {std::string(), std::string("A"), std::string("AUTH\t1\tTECS-1\trip=198.51.100.7\n"),
        std::string("AUTH\t1\tTECS-1"), std::string("AUTH\t1\tTECS-1\tresp=throw\n"),
        std::string("\0\0\0\n", 4), std::string("CONT\t1\t!!!\n"), std::string(100'000, 'x')}) {
    connect()->send(octets);  // and hangs up
    EXPECT_EQ(ask(*other, "yes"), "OK\t1\tuser=tecs:jgc.org\n");
  }
}

TEST_F(SaslDoorTest, ConnectionsThatArePendingDoNotHoldUpOthers) {
  open();
  const auto slow = connect();
  slow->send("AUTH\t1\tTECS-1\tresp=wait\n");
  waiting.wait(0);
  EXPECT_EQ(ask(*connect(), "yes"), "OK\t1\tuser=tecs:jgc.org\n");
  let_go_on();
  EXPECT_EQ(slow->receive_until("\n"), "OK\t1\tuser=tecs:jgc.org\n");
}

TEST_F(SaslDoorTest, ConnectionsBeyondTheBoundWaitForTheirTurn) {
  open(SaslDoorOptions{.maximum_connections = 2});
  auto first = connect();
  const auto second = connect();
  test::DoorClient third(address);  // the kernel takes it
  EXPECT_EQ(ask(*second, "yes"), "OK\t1\tuser=tecs:jgc.org\n");
  EXPECT_TRUE(third.silent_for(100ms)) << "a handshake beyond the bound";
  first.reset();
  EXPECT_TRUE(third.receive_until("DONE\n").ends_with("DONE\n"));
}

TEST_F(SaslDoorTest, AsksForAChallengeWhenThereIsNoInitialResponse) {
  open();
  const auto client = connect();
  client->send("AUTH\t1\tTECS-1\trip=198.51.100.7\n");
  EXPECT_EQ(client->receive_until("\n"), "CONT\t1\tMTk4LjUxLjEwMC43\n");  // 198.51.100.7
  client->send("CONT\t1\tyes\n");
  EXPECT_EQ(client->receive_until("\n"), "OK\t1\tuser=tecs:jgc.org\n");
  client->send("AUTH\t2\tTECS-1\n");
  EXPECT_EQ(client->receive_until("\n"), "CONT\t2\t\n");
}

// Such a peer holds its own thread, and not even that for ever; who is silent between requests is an smtpd
// that waits for its next client.
// The line time holds for the handshake too: it is long enough for a busy machine to get through that.
TEST_F(SaslDoorTest, APeerThatOwesTheRestOfALineIsDroppedAndAnIdleOneIsNot) {
  open(SaslDoorOptions{.line_time = 2s});
  const auto idle = connect();
  test::DoorClient silent(address);  // not a word
  silent.receive_until("DONE\n");
  test::DoorClient half_shaken(address);
  half_shaken.receive_until("DONE\n");
  half_shaken.send("VERSION\t1\t2\nCPID\t47");
  const auto half_asked = connect();
  half_asked->send("AUTH\t1\tTECS-1\trip=198.51.100.7\tresp=y");
  EXPECT_TRUE(silent.closed());
  EXPECT_TRUE(half_shaken.closed());
  EXPECT_TRUE(half_asked->closed());
  EXPECT_EQ(ask(*idle, "yes"), "OK\t1\tuser=tecs:jgc.org\n");
}

TEST_F(SaslDoorTest, APeerThatSendsOctetByOctetGetsNoMoreTime) {
  open(SaslDoorOptions{.line_time = 2s});
  const auto slow = connect();
  slow->send("AUTH\t1\tTECS-1\tresp=");
  while (slow->silent_for(20ms)) slow->send("A");
  // What was sent meanwhile is not read any more, so the kernel may say that with a reset.
  EXPECT_EQ(slow->receive_until("\n"), "");
}

TEST_F(SaslDoorTest, APeerThatThinksLongerThanALineMayTakeGetsItsAnswer) {
  open(SaslDoorOptions{.line_time = 1s});
  const auto client = connect();
  client->send("AUTH\t1\tTECS-1\n");
  EXPECT_EQ(client->receive_until("\n"), "CONT\t1\t\n");
  EXPECT_TRUE(client->silent_for(1500ms)) << "dropped between two lines";
  client->send("CONT\t1\tyes\n");
  EXPECT_EQ(client->receive_until("\n"), "OK\t1\tuser=tecs:jgc.org\n");
}

TEST_F(SaslDoorTest, APeerThatHasSaidAllItWillSayGetsItsAnswer) {
  open();
  const auto client = connect();
  client->send("AUTH\t1\tTECS-1\tresp=yes\n");
  client->end_of_sending();
  EXPECT_EQ(client->receive_until("\n"), "OK\t1\tuser=tecs:jgc.org\n");
  EXPECT_TRUE(client->closed());
}

TEST_F(SaslDoorTest, StopsAtOnceWithIdleConnections) {
  open(SaslDoorOptions{.end_time = 60s});
  const auto idle = connect();
  EXPECT_EQ(ask(*idle, "yes"), "OK\t1\tuser=tecs:jgc.org\n");
  EXPECT_TRUE(door->stop(10s));
  EXPECT_TRUE(idle->closed());
  EXPECT_THROW(test::DoorClient{address}, std::runtime_error);
}

// An smtpd that is not greeted to the end dies, and its client is refused.
TEST_F(SaslDoorTest, AStopLetsAHandshakeComeToItsEnd) {
  open();
  const auto idle = connect();
  test::DoorClient late(address);
  EXPECT_TRUE(late.receive_until("DONE\n").ends_with("DONE\n"));
  auto stopped = std::async([this] { return door->stop(10s); });
  EXPECT_TRUE(idle->closed()) << "the stop has begun";
  late.send(client_handshake);
  EXPECT_TRUE(late.closed());
  EXPECT_TRUE(stopped.get());
}

TEST_F(SaslDoorTest, AStopLetsWhatIsBeingAskedComeToItsEnd) {
  open();
  const auto idle = connect();
  const auto slow = connect();
  slow->send("AUTH\t1\tTECS-1\tresp=wait\n");
  waiting.wait(0);
  const auto challenged = connect();
  challenged->send("AUTH\t1\tTECS-1\n");
  EXPECT_EQ(challenged->receive_until("\n"), "CONT\t1\t\n");
  auto stopped = std::async([this] { return door->stop(10s); });
  EXPECT_TRUE(idle->closed()) << "the stop has begun";
  let_go_on();
  challenged->send("CONT\t1\tyes\n");
  EXPECT_EQ(slow->receive_until("\n"), "OK\t1\tuser=tecs:jgc.org\n");
  EXPECT_EQ(challenged->receive_until("\n"), "OK\t1\tuser=tecs:jgc.org\n");
  EXPECT_TRUE(slow->closed());
  EXPECT_TRUE(challenged->closed());
  EXPECT_TRUE(stopped.get());
}

TEST_F(SaslDoorTest, AStopDoesNotWaitForAHandshakeThatDoesNotCome) {
  open(SaslDoorOptions{.line_time = 60s});
  test::DoorClient silent(address);
  silent.receive_until("DONE\n");
  EXPECT_TRUE(door->stop(10s));
  EXPECT_TRUE(silent.closed());
}

TEST_F(SaslDoorTest, StopsWhileTheBoundIsReached) {
  open(SaslDoorOptions{.maximum_connections = 1});
  const auto first = connect();
  const test::DoorClient second(address);
  EXPECT_TRUE(door->stop(10s));
}

TEST_F(SaslDoorTest, SaysWhenSomeStillWaitForKeys) {
  open();
  const auto slow = connect();
  slow->send("AUTH\t1\tTECS-1\tresp=wait\n");
  waiting.wait(0);
  EXPECT_FALSE(door->stop(0ms));
  EXPECT_EQ(slow->receive_until("\n"), "") << "closed without an answer: 454";
  let_go_on();
  EXPECT_TRUE(door->stop(10s));
}

TEST_F(SaslDoorTest, ManyAtOnce) {
  open();
  std::atomic<int> right{0};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 16; ++i) {
      threads.emplace_back([&, i] {
        for (int round = 0; round < 10; ++round) {
          const auto client = connect();
          if (ask(*client, i % 2 == 0 ? "yes" : "no").starts_with(i % 2 == 0 ? "OK\t1\t" : "FAIL\t1\t"))
            ++right;
        }
      });
    }
  }
  EXPECT_EQ(right, 160);
}

}  // namespace
}  // namespace tecs
