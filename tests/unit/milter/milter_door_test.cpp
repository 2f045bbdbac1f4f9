// Speaks the milter protocol with the real libmilter, as an MTA would. libmilter can be started only once in
// the life of a program, so all of it is one test.
#include "milter/milter_door.hpp"

#include <gtest/gtest.h>
#include <spdlog/sinks/null_sink.h>
#include <unistd.h>

#include <condition_variable>
#include <csignal>
#include <cstdint>
#include <deque>
#include <future>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "milter/listening_socket.hpp"
#include "program/current.hpp"
#include "program/stop_signal.hpp"
#include "unit/hand_clock.hpp"
#include "unit/milter/mta.hpp"
#include "unit/verdicts/temporary_directory.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;

using test::Mta;
using test::number;

// Somebody comes and goes, as on a server that has mail to do. libmilter counts a worker as idle that it has
// woken already, for a client that stalls then; whoever was left to that worker is served when something else
// happens.
class Bustle {
 public:
  explicit Bustle(const DoorAddress& address)
      : thread_([address](const std::stop_token& stop) {
          while (!stop.stop_requested()) {
            knock(address);
            std::this_thread::sleep_for(100ms);
          }
        }) {}

 private:
  std::jthread thread_;
};

class MilterDoorTest : public testing::Test {
 protected:
  MilterDoor::Parts parts() {
    return MilterDoor::Parts{clock,
                             [this] { return replies_for(*rules.get()); },
                             [this](const MilterConnection& connection) {
                               return std::make_unique<MilterSession>(
                                   MilterSession::Parts{registry, clock, id, greylist, delays, log},
                                   rules.get(), connection);
                             },
                             [this](Verdict verdict) {
                               const std::lock_guard lock(mutex);
                               verdicts.push_back(std::move(verdict));
                               changed.notify_all();
                             },
                             [this](bool) { ended_by_itself = true; },
                             log};
  }
  Verdict verdict(std::size_t index) {
    std::unique_lock lock(mutex);
    changed.wait_for(lock, 10s, [&] { return verdicts.size() > index; });
    return verdicts.size() > index ? verdicts[index] : Verdict{};
  }

  void set_rules(PolicyMode mode, const char* weight_of_none) {
    ReceptionRules made;
    made.mode = mode;
    made.policy.weights.set(Symbol::tecs_none, *Score::parse(weight_of_none));
    rules.set(std::make_shared<const ReceptionRules>(made));
  }

  void break_off();
  void linger();
  static void negotiate_the_least(Mta& mta);
  static void send_a_message_with_forged_fields(Mta& mta);
  void relay_for_nobody();
  void act_on_mail();
  void keep_what_was_negotiated();
  std::vector<std::future<std::string>> send_messages_without_a_pause();

  test::TemporaryDirectory directory;
  DoorAddress address = *DoorAddress::parse("unix:" + directory.file("milter"));
  test::HandClock clock;
  SessionRegistry registry;
  AuthservId id = *AuthservId::parse("mx.example.net");
  std::shared_ptr<spdlog::logger> log =
      std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::null_sink_mt>());
  Current<ReceptionRules> rules{std::make_shared<const ReceptionRules>()};
  Greylist greylist{":memory:", clock, log};
  DelayGate delays;
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<Verdict> verdicts;
  bool ended_by_itself = false;
  std::deque<Mta> lingering;
};

// What an MTA that is ill, or somebody who is none, does at the door.
void MilterDoorTest::break_off() {
  Mta junk(address);
  junk.tell('\xff', "\xff\xff");
  EXPECT_TRUE(junk.closed());
  Mta half_closed(address);
  half_closed.negotiate();
  half_closed.end_of_sending();
  EXPECT_TRUE(half_closed.closed());
  Mta said_all(address);
  said_all.negotiate();
  EXPECT_EQ(said_all.connect(), "c");
  said_all.end_of_sending();
  EXPECT_TRUE(said_all.closed());
  EXPECT_EQ(verdict(0).client, "198.51.100.7:40213") << "of the only one that told of a client";
}

// These stay for as long as the test, in which others are served. None makes a verdict.
void MilterDoorTest::linger() {
  lingering.emplace_back(address);  // not a word
  lingering.emplace_back(address).negotiate();
  lingering.emplace_back(address).tell_half('O', number(6) + number(0x1ff) + number(0x1fffff));
  Mta& amid_packet = lingering.emplace_back(address);
  amid_packet.negotiate();
  amid_packet.tell_half('C', "client.example\0"s + '4' + "\x9d\x15"s + "198.51.100.7\0"s);
  Mta& after_length = lingering.emplace_back(address);
  after_length.negotiate();
  after_length.tell_octets(number(1000));
}

// No body, end of header, unknown, DATA; no reply to header, HELO; but one to connect.
constexpr std::uint32_t least_steps = 0x10 | 0x40 | 0x100 | 0x200 | 0x80 | 0x2000;
constexpr std::uint32_t no_reply_to_mail = 0x4000;

void MilterDoorTest::negotiate_the_least(Mta& mta) {
  const std::string negotiated = mta.negotiate();
  ASSERT_GE(negotiated.size(), 13U);
  EXPECT_EQ(negotiated.substr(0, 5), "O" + number(6));
  EXPECT_EQ(negotiated.substr(5, 4), number(0x111)) << "add and change header fields, choose macros";
  EXPECT_EQ(negotiated.substr(9, 4), number(least_steps | no_reply_to_mail));
  EXPECT_NE(negotiated.find("{daemon_addr} {daemon_port} {if_addr} {tecs_pid} v"), std::string::npos);
  EXPECT_NE(negotiated.find("{tls_version} {auth_type}"), std::string::npos);
  EXPECT_NE(negotiated.find("{rcpt_addr} {rcpt_mailer}"), std::string::npos);
}

void MilterDoorTest::send_a_message_with_forged_fields(Mta& mta) {
  mta.tell('H', "client.example\0"s);
  mta.tell('M', "<a@b.example>\0SIZE=10\0"s);
  mta.tell('R', "<c@d.example>\0"s);
  EXPECT_EQ(mta.answer(), "c");
  mta.tell('L', "Authentication-Results\0mx.example.net; tecs=pass\0"s);
  mta.tell('L', "X-TECS\0action=accept\0"s);
  mta.tell('L', "Subject\0hello\0"s);
  mta.tell('L', "Authentication-Results\0other.example; none\0"s);
  mta.tell('L', "Authentication-Results\0MX.example.net; tecs=pass\0"s);
  mta.tell('E', "");
  EXPECT_EQ(mta.answer(), "m" + number(1) + "X-TECS\0\0"s);
  EXPECT_EQ(mta.answer(), "m" + number(3) + "Authentication-Results\0\0"s);
  EXPECT_EQ(mta.answer(), "m" + number(1) + "Authentication-Results\0\0"s);
  EXPECT_EQ(mta.answer(),
            "i" + number(0) + "X-TECS\0score=0.5 action=none symbols=TECS_NONE mode=monitor\0"s);
  EXPECT_EQ(mta.answer(), "i" + number(0) + "Authentication-Results\0mx.example.net; tecs=none\0"s);
  EXPECT_EQ(mta.answer(), "c");
}

// In mode monitor, which is the default.
void MilterDoorTest::relay_for_nobody() {
  Mta mta(address);
  mta.negotiate();
  EXPECT_EQ(mta.connect(), "c");
  mta.tell('D', "M{auth_type}\0TECS-1\0"s);
  mta.tell('M', "<a@b.example>\0"s);
  mta.tell('D', "R{rcpt_mailer}\0smtp\0{rcpt_addr}\0c@d.example\0"s);
  mta.tell('R', "<c@d.example>\0"s);
  EXPECT_EQ(mta.answer(), "y554 5.7.1 TECS-1 says who answers for a connection, it permits no relaying\0"s);
  mta.tell('D', "R{rcpt_mailer}\0virtual\0{rcpt_addr}\0e@here.example\0"s);
  mta.tell('R', "<e@here.example>\0"s);
  EXPECT_EQ(mta.answer(), "c");
}

void MilterDoorTest::act_on_mail() {
  set_rules(PolicyMode::enforce, "4");
  Mta mta(address);
  EXPECT_EQ(mta.negotiate().substr(9, 4), number(least_steps)) << "MAIL gets a reply";
  EXPECT_EQ(mta.connect(), "c");
  const std::string come_again =
      "y451 4.7.1 your network is greylisted here, come again in 300 seconds or later\0"s;
  for (int i = 0; i < 2; ++i) {
    mta.tell('M', "<a@b.example>\0"s);
    EXPECT_EQ(mta.answer(), come_again);
  }
  clock.advance(5min);
  mta.tell('M', "<a@b.example>\0"s);
  EXPECT_EQ(mta.answer(), "c");

  set_rules(PolicyMode::enforce, "9");
  Mta unwanted(address);
  unwanted.negotiate();
  EXPECT_EQ(unwanted.connect(), "c");
  unwanted.tell('M', "<a@b.example>\0"s);
  const std::string rejection = "y550 5.7.1 mail from connections without TECS-1 is not accepted here\0"s;
  EXPECT_EQ(unwanted.answer(), rejection);

  Mta portless(address);  // as Postfix tells of a client after XCLIENT without PORT
  portless.negotiate();
  portless.tell('C', "client.example\0"s + '4' + "\0\0"s + "198.51.100.7\0"s);
  EXPECT_EQ(portless.answer(), "c");
  portless.tell('M', "<a@b.example>\0"s);
  EXPECT_EQ(portless.answer(), rejection);
}

// Whatever a reload brings in the meantime: an answer that nobody waits for would be taken for the next one,
// and without the one that is waited for the MTA hangs.
void MilterDoorTest::keep_what_was_negotiated() {
  set_rules(PolicyMode::monitor, "9");
  Mta unanswered(address);
  unanswered.negotiate();
  set_rules(PolicyMode::enforce, "9");
  EXPECT_EQ(unanswered.connect(), "c");
  unanswered.tell('M', "<a@b.example>\0"s);
  unanswered.tell('R', "<c@d.example>\0"s);
  EXPECT_EQ(unanswered.answer(), "c") << "to RCPT, and none to MAIL before it";
  unanswered.tell('E', "");
  EXPECT_EQ(unanswered.answer(),
            "i" + number(0) + "X-TECS\0score=9.0 action=reject symbols=TECS_NONE mode=monitor\0"s);

  Mta answered(address);
  answered.negotiate();
  set_rules(PolicyMode::monitor, "0.5");
  EXPECT_EQ(answered.connect(), "c");
  answered.tell('M', "<a@b.example>\0"s);
  EXPECT_EQ(answered.answer(), "c");
}

// When its main function has returned, libmilter still goes on with such connections.
std::vector<std::future<std::string>> MilterDoorTest::send_messages_without_a_pause() {
  std::vector<std::future<std::string>> ends;
  for (int i = 0; i < 4; ++i) {
    auto mta = std::make_shared<Mta>(address);
    mta->negotiate();
    EXPECT_EQ(mta->connect(), "c");
    ends.push_back(std::async(std::launch::async, [mta] { return mta->send_messages(); }));
  }
  return ends;
}

TEST_F(MilterDoorTest, ServesAnMtaAndStopsAtOnce) {
  StopSignal stop_signal;  // as in main(): libmilter's own thread takes SIGHUP for an order to stop
  auto door = MilterDoor::open(address);
  ASSERT_TRUE(door) << door.error().sentence;
  (*door)->start(parts());
  const Bustle bustle(address);
  break_off();
  linger();
  for (int i = 0; i < 100; ++i) {
    ASSERT_EQ(kill(getpid(), SIGHUP), 0);
    ASSERT_EQ(stop_signal.wait(), StopSignal::Event::reload);
  }

  Mta mta(address);
  negotiate_the_least(mta);
  EXPECT_EQ(mta.connect(), "c");
  const auto found = registry.candidates({*IpAddress::parse("198.51.100.7"), 40213, {}, {}, 4711});
  ASSERT_EQ(found.size(), 1U) << "known as soon as connect is answered";
  EXPECT_EQ(found[0].tuple.destination(), *Endpoint::parse("127.0.0.1:25"));
  send_a_message_with_forged_fields(mta);
  mta.tell('Q', "");
  const Verdict closed = verdict(1);
  EXPECT_EQ(closed.client, "198.51.100.7:40213");
  EXPECT_EQ(closed.helo, "client.example");
  EXPECT_EQ(closed.messages, 1U);
  EXPECT_EQ(closed.recipients, 1U);
  EXPECT_EQ(closed.bytes, 10U);

  relay_for_nobody();
  act_on_mail();
  keep_what_was_negotiated();
  ASSERT_NE(verdict(7).client, "") << "all that told of a client; they may end in any order";

  Mta local(address);  // its client is on a unix socket
  local.negotiate();
  local.tell('C', "localhost\0L\0\0/run/x\0"s);
  EXPECT_EQ(local.answer(), "c");
  Mta open(address);
  open.negotiate();
  EXPECT_EQ(open.connect(), "c");
  auto answers = send_messages_without_a_pause();
  for (Mta& each : lingering) EXPECT_TRUE(each.waits()) << "was given up";
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_TRUE((*door)->stop(30s));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 4s);
  for (auto& answer : answers) EXPECT_EQ(answer.get(), "") << "as if there were no milter: no refusal";
  EXPECT_EQ(verdicts.size(), 14U) << "one a connection, and none for those that never told of a client";
  for (std::size_t i = 8; i < verdicts.size(); ++i) {
    EXPECT_NE(verdict(i).detail.find("interrupted"), std::string::npos);
  }
  EXPECT_EQ(registry.size(), 0U);
  EXPECT_FALSE(ended_by_itself);
}

}  // namespace
}  // namespace tecs
