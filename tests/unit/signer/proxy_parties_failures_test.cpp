// Several parties over one connection of the MTA, when something breaks: no message is lost, doubled or
// signed for by the wrong one.
#include <sys/socket.h>

#include <future>

#include "unit/signer/proxy_parties_fixture.hpp"

namespace tecs::test {
namespace {

using Texts = std::vector<std::string>;

void reset(Peer& peer) {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  ASSERT_EQ(::setsockopt(peer.socket(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once), 0);
  peer.close();
}

struct Refusal {
  const char* name;
  std::function<void(Peer&)> server;
  std::string want;  // what follows "421 "
};

class PartiesRefused : public PartiesTest, public testing::WithParamInterface<Refusal> {};

// What the MTA sent ahead of it all is more than the kernel's buffers between it and the signer hold unread.
TEST_P(PartiesRefused, the_fresh_connection_are_told_so) {
  const ScriptedServer server({smtp(for_parties), GetParam().server});
  start(server.endpoint());
  const auto mta = connect_and_greet();
  send_message(*mta, "a.example", "one");
  auto sent = std::async(std::launch::async, [&] {
    mta->send(mail("b.example") + "\r\nBDAT 1000000 LAST\r\n" + std::string(1'000'000, 'x'));
    mta->finish_sending();
  });
  const std::string reply = mta->line();
  EXPECT_TRUE(reply.starts_with("421 " + GetParam().want)) << reply;
  EXPECT_TRUE(mta->closed());
  sent.wait();
  ASSERT_TRUE(ended(1));
  EXPECT_EQ(messages(), Texts({"one\r\n"}));
  EXPECT_EQ(server.connections(), 2U);
}

INSTANTIATE_TEST_SUITE_P(
    Servers, PartiesRefused,
    testing::Values(Refusal{"closes", [](Peer&) {}, "4.4.2 relay.example.org TECS signer: the server closed"},
                    Refusal{"greets_with_421", [](Peer& peer) { peer.send("421 4.3.2 busy\r\n"); }, "4."},
                    Refusal{"greets_with_554", [](Peer& peer) { peer.send("554 5.3.2 no\r\n"); }, "4."},
                    Refusal{"speaks_nonsense", [](Peer& peer) { peer.send("hello\r\n"); },
                            "4.5.0 relay.example.org TECS signer: the server sent what is not a reply"},
                    Refusal{"can_do_less",
                            [](Peer& peer) {
                              peer.send("220 mx.example.com ESMTP\r\n");
                              (void)peer.line();
                              peer.send("250-mx.example.com\r\n250 AUTH TECS-1\r\n");
                              (void)peer.line();
                            },
                            "4."}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST_F(PartiesTest, who_cannot_have_a_fresh_connection_are_told_so) {
  auto server = std::make_unique<ScriptedServer>(std::vector<ScriptedServer::Script>{smtp(for_parties)});
  policy_.maximum_connections = 1;
  start(server->endpoint());
  const auto mta = connect_and_greet();
  send_message(*mta, "a.example", "one");
  const auto other = connect();
  EXPECT_TRUE(
      other->line().starts_with("421 4.4.5 relay.example.org TECS signer: there are 1 connections to "));
  send_message(*mta, "b.example", "the former connection has made room");
  EXPECT_EQ(mta->ask("QUIT"), "221 2.0.0 Bye");
  ASSERT_TRUE(ended(2));
  EXPECT_EQ(signers(), Texts({"a.example", "b.example"}));
}

// The server closes after it has taken so many lines, AUTH not counted.
class PartiesOfADyingServer : public PartiesTest, public testing::WithParamInterface<std::size_t> {};

TEST_P(PartiesOfADyingServer, see_its_end_and_not_a_word_too_much) {
  static const Texts replies{"250 2.0.0 Ok", "250 2.0.0 Ok", "354 Go ahead"};
  const ScriptedServer server({[](Peer& peer) {
    peer.send("220 mx.example.com ESMTP\r\n");
    (void)peer.line();
    peer.send(std::string("250-mx.example.com\r\n") + for_parties);
    (void)peer.line();
    peer.send("235 2.7.0 Ok\r\n");
    for (std::size_t i = 0; i < GetParam(); ++i) {
      EXPECT_FALSE(peer.line().find("b.example") != std::string::npos);
      if (i < replies.size()) peer.send(replies[i] + "\r\n");
    }
  }});
  start(server.endpoint());
  const auto mta = connect_and_greet();
  mta->send(mail("a.example") + "\r\nRCPT TO:<y@example.net>\r\nDATA\r\ntext\r\n.\r\n" + mail("b.example") +
            "\r\n");
  for (std::size_t i = 0; i < std::min(GetParam(), replies.size()); ++i) EXPECT_EQ(mta->line(), replies[i]);
  EXPECT_TRUE(mta->closed());
  mta->close();
  EXPECT_TRUE(eventually([this] { return statistics().sessions == 0; }));
  EXPECT_EQ(server.connections(), 1U) << "no other connection was made";
  EXPECT_EQ(statistics().connections, 0U);
}

INSTANTIATE_TEST_SUITE_P(Lines, PartiesOfADyingServer, testing::Range<std::size_t>(0, 6));

TEST_F(PartiesTest, whose_mta_breaks_off_take_the_server_with_it) {
  std::promise<void> broken;
  const ScriptedServer server({[&broken](Peer& peer) {
    peer.send("220 mx.example.com ESMTP\r\n");
    (void)peer.line();
    peer.send(std::string("250-mx.example.com\r\n") + for_parties);
    (void)peer.line();
    peer.send("235 2.7.0 Ok\r\n");
    EXPECT_EQ(peer.line(), "MAIL FROM:<x@a.example>");
    peer.send("250 2.0.0 Ok\r\n");
    EXPECT_TRUE(peer.closed());
    broken.set_value();
  }});
  start(server.endpoint());
  const auto mta = connect_and_greet();
  EXPECT_EQ(mta->ask(mail("a.example")), "250 2.0.0 Ok");
  reset(*mta);
  broken.get_future().wait();
  EXPECT_TRUE(eventually([this] { return statistics().sessions == 0; }));
}

// RFC 5321 section 3.8 has a server that says 421 close. Some say so to one recipient, and go on.
TEST_F(PartiesTest, go_on_after_a_421_that_closes_nothing) {
  const ScriptedServer server({[](Peer& peer) {
                                 peer.send("220 mx.example.com ESMTP\r\n");
                                 (void)peer.line();
                                 peer.send(std::string("250-mx.example.com\r\n") + for_parties);
                                 (void)peer.line();
                                 peer.send("235 2.7.0 Ok\r\n");
                                 EXPECT_EQ(peer.line(), mail("a.example"));
                                 peer.send("250 2.0.0 Ok\r\n");
                                 EXPECT_EQ(peer.line(), "RCPT TO:<y@example.net>");
                                 peer.send("421 4.3.2 Not this one now\r\n");
                                 EXPECT_EQ(peer.line(), "RSET");
                                 peer.send("250 2.0.0 Ok\r\n");
                                 EXPECT_EQ(peer.line(), "QUIT");
                               },
                               smtp(for_parties)});
  start(server.endpoint());
  const auto mta = connect_and_greet();
  EXPECT_EQ(mta->ask(mail("a.example")), "250 2.0.0 Ok");
  EXPECT_EQ(mta->ask("RCPT TO:<y@example.net>"), "421 4.3.2 Not this one now");
  EXPECT_EQ(mta->ask("RSET"), "250 2.0.0 Ok");
  send_message(*mta, "b.example", "two");
  EXPECT_EQ(mta->ask("QUIT"), "221 2.0.0 Bye");
  ASSERT_TRUE(ended(1));
  EXPECT_EQ(signers(), Texts({"b.example"}));
}

struct Attack {
  const char* name;
  std::string octets;  // in the message of a.example
  std::string want;
};

class PartiesAttacked : public PartiesTest, public testing::WithParamInterface<Attack> {};

TEST_P(PartiesAttacked, with_a_smuggled_message_send_nothing_of_it) {
  const ScriptedServer server({smtp(for_parties)});
  start(server.endpoint());
  const auto mta = connect_and_greet();
  EXPECT_EQ(mta->ask(mail("a.example")), "250 2.0.0 Ok");
  if (GetParam().want.starts_with("554")) {
    EXPECT_EQ(mta->ask("DATA"), "354 Go ahead");
  }
  mta->send(GetParam().octets + mail("b.example") + "\r\nDATA\r\nspam\r\n.\r\n");
  EXPECT_EQ(mta->line().substr(0, GetParam().want.size()), GetParam().want);
  EXPECT_TRUE(mta->closed());
  mta->close();
  ASSERT_TRUE(ended(1));
  EXPECT_EQ(seen()[0].senders, Texts({"FROM:<x@a.example>"}));
  EXPECT_EQ(messages(), Texts());
}

INSTANTIATE_TEST_SUITE_P(Octets, PartiesAttacked,
                         testing::Values(Attack{"LF_dot_LF", "\n.\n",
                                                "554 5.6.0 relay.example.org TECS signer: "},
                                         Attack{"LF_dot_CRLF", "\n.\r\n", "554 5.6.0 "},
                                         Attack{"CRLF_dot_CR", "a\r\n.\r", "554 5.6.0 "},
                                         Attack{"CR_dot_CRLF", "a\r.\r\n", "554 5.6.0 "},
                                         Attack{"a_bare_LF_among_commands", "NOOP\n", "500 5.5.2 "},
                                         Attack{"a_chunk_of_no_size", "BDAT x\r\n", "501 5.5.4 "}),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST_F(PartiesTest, are_told_when_the_service_stops_between_their_messages) {
  const ScriptedServer server({smtp(for_parties)});
  start(server.endpoint());
  const auto idle = connect_and_greet();
  send_message(*idle, "a.example", "one");
  const auto busy = connect_and_greet();
  EXPECT_EQ(busy->ask(mail("b.example")), "250 2.0.0 Ok");
  auto stopped = std::async(std::launch::async, [this] { stop(); });
  EXPECT_EQ(idle->line(), "421 4.3.2 relay.example.org TECS signer: the service is stopping");
  EXPECT_TRUE(idle->closed());
  idle->close();
  EXPECT_EQ(busy->ask("DATA"), "354 Go ahead");
  EXPECT_EQ(busy->ask("two\r\n."), "250 2.0.0 Taken");
  EXPECT_EQ(busy->line(), "421 4.3.2 relay.example.org TECS signer: the service is stopping");
  busy->close();
  stopped.get();
  ASSERT_TRUE(ended(2));
  EXPECT_EQ(messages(), Texts({"one\r\n", "two\r\n"}));
}

TEST_F(PartiesTest, are_told_when_the_service_stops_before_it_is_known_whose_mail_comes) {
  settings_.stop_limit = std::chrono::hours(1);
  const ScriptedServer server({smtp(for_parties)});
  start(server.endpoint());
  const auto held = connect_and_greet();
  const auto greeted = connect();
  EXPECT_EQ(greeted->reply(), "220 mx.example.com ESMTP");
  held->send("MAI");
  auto stopped = std::async(std::launch::async, [this] { stop(); });
  for (const auto& mta : {held.get(), greeted.get()}) {
    EXPECT_EQ(mta->line(), "421 4.3.2 relay.example.org TECS signer: the service is stopping");
    EXPECT_TRUE(mta->closed());
    mta->close();
  }
  stopped.get();
  ASSERT_TRUE(ended(2));
  EXPECT_EQ(signers(), Texts({"-", "-"}));
}

}  // namespace
}  // namespace tecs::test
