#include "sasl/door_exchange.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>

#include <atomic>
#include <string>

#include "tecs/adapters/system_clock.hpp"
#include "unit/sasl/scripted_door.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;
using test::answering;
using test::ScriptedDoor;
using testing::ElementsAre;

class DoorExchangeTest : public testing::Test {
 protected:
  [[nodiscard]] DoorExchange exchange(const ScriptedDoor& door,
                                      std::chrono::milliseconds patience = 10s) const {
    return {door.address(), patience, clock};
  }
  static AuthRequest request(std::optional<std::string> response = "ZD1h") {
    return AuthRequest{4711, std::nullopt, std::nullopt, std::move(response)};
  }

  SystemClock clock;
};

TEST_F(DoorExchangeTest, Passes) {
  ScriptedDoor door(answering("OK\t1\tuser=tecs:jgc.org\n"));
  EXPECT_EQ(std::get<Passed>(exchange(door).begin(request())).user, "tecs:jgc.org");
  door.join();
  EXPECT_THAT(door.heard(),
              ElementsAre("VERSION\t1\t2", "CPID\t4711", "AUTH\t1\tTECS-1\tservice=smtp\tresp=ZD1h"));
}

// The script's end is the client's: the exchange is still there, its connection is not.
TEST_F(DoorExchangeTest, TheAnswerEndsTheConnection) {
  ScriptedDoor door(answering("FAIL\t1\treason=no\n"));
  DoorExchange refused = exchange(door);
  EXPECT_EQ(std::get<Refused>(refused.begin(request())).reason, "no");
  door.join();
}

TEST_F(DoorExchangeTest, ChallengeThenPass) {
  ScriptedDoor door([](ScriptedDoor::Peer& peer) {
    peer.say(test::door_greeting);
    for (int line = 0; line < 3; ++line) (void)peer.hear();
    peer.say("CONT\t1\tYz0x\n");
    if (peer.hear() == "CONT\t1\tZD1h") peer.say("OK\t1\tuser=tecs:jgc.org\n");
  });
  DoorExchange challenged = exchange(door);
  EXPECT_EQ(std::get<AuthDialogue::Challenge>(challenged.begin(request(std::nullopt))).base64, "Yz0x");
  EXPECT_EQ(std::get<Passed>(challenged.respond("ZD1h")).user, "tecs:jgc.org");
}

TEST_F(DoorExchangeTest, DoorIsAway) {
  SocketAddress nowhere;
  {
    const ScriptedDoor door({});
    nowhere = door.address();
  }
  DoorExchange asked(nowhere, 10s, clock);
  EXPECT_EQ(std::get<Unavailable>(asked.begin(request())).error.sentence, "No such file or directory");
}

TEST_F(DoorExchangeTest, SilentDoorIsGivenUpAtEveryStep) {
  ScriptedDoor never_greets([](ScriptedDoor::Peer& peer) { peer.wait_for_the_end(); });
  ScriptedDoor never_answers(answering(""));
  for (ScriptedDoor* const door : {&never_greets, &never_answers}) {
    DoorExchange asked = exchange(*door, 50ms);
    EXPECT_EQ(std::get<Unavailable>(asked.begin(request())).error.sentence, "Connection timed out");
  }
}

// One patience for the whole exchange, so that a door cannot use it up twice.
TEST_F(DoorExchangeTest, SilenceAfterTheResponseUsesWhatPatienceIsLeft) {
  ScriptedDoor door(answering("CONT\t1\t\n"));
  DoorExchange asked = exchange(door, 1s);  // enough for the challenge on a busy machine
  (void)std::get<AuthDialogue::Challenge>(asked.begin(request(std::nullopt)));
  EXPECT_EQ(std::get<Unavailable>(asked.respond("ZD1h")).error.sentence, "Connection timed out");
}

TEST_F(DoorExchangeTest, TricklingDoorIsGivenUp) {
  std::atomic<bool> given_up = false;
  ScriptedDoor door([&given_up](ScriptedDoor::Peer& peer) {
    while (!given_up) {
      peer.say("V");
      poll(nullptr, 0, 5);
    }
  });
  DoorExchange asked = exchange(door, 50ms);
  EXPECT_TRUE(std::holds_alternative<Unavailable>(asked.begin(request())));
  given_up = true;
}

}  // namespace
}  // namespace tecs
