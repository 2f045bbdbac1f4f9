// Parties that are told apart by the name in EHLO or HELO, over one connection of the MTA.
#include "unit/signer/proxy_parties_fixture.hpp"

namespace tecs::test {
namespace {

using Texts = std::vector<std::string>;

class HelloTest : public PartiesTest {
 protected:
  HelloTest() {
    identities_ = {{"helo:x.example", identity_of("x.example")},
                   {"helo:y.example", identity_of("y.example")}};
  }

  std::unique_ptr<Peer> connect_and_greet_as(const std::string& name) {
    auto mta = connect();
    EXPECT_EQ(mta->reply(), "220 mx.example.com ESMTP");
    EXPECT_EQ(mta->ask("EHLO " + name), shown_);
    return mta;
  }

  std::string shown_ = "250-mx.example.com\n250-PIPELINING\n250 CHUNKING";
};

TEST_F(HelloTest, each_name_has_connections_of_its_own) {
  const ScriptedServer server({smtp(for_parties)});
  start(server.endpoint());
  const auto mta = connect_and_greet_as("x.example");
  send_message(*mta, "example.net", "one");
  EXPECT_EQ(mta->ask("EHLO y.example"), shown_);
  send_message(*mta, "example.net", "two");
  EXPECT_EQ(mta->ask("HELO z.example"), "250 2.0.0 Ok");
  send_message(*mta, "example.net", "three");
  EXPECT_EQ(mta->ask("QUIT"), "221 2.0.0 Bye");
  ASSERT_TRUE(ended(3));
  EXPECT_EQ(signers(), Texts({"x.example", "y.example", "example.org"}));
  EXPECT_EQ(messages(), Texts({"one\r\n", "two\r\n", "three\r\n"}));
  EXPECT_EQ(seen()[1].ehlo, "EHLO y.example");
  EXPECT_EQ(seen()[2].ehlo, "EHLO z.example");
}

TEST_F(HelloTest, a_name_decides_before_the_sender_on_every_connection) {
  identities_.emplace_back("sender:c.example", identity_of("c.example"));
  const ScriptedServer server({smtp(for_parties)});
  start(server.endpoint());
  const auto mta = connect_and_greet_as("relay.example.org");
  send_message(*mta, "c.example", "one");
  EXPECT_EQ(mta->ask("HELO x.example"), "250 2.0.0 Ok");
  send_message(*mta, "c.example", "two");
  send_message(*mta, "other.example", "three");
  EXPECT_EQ(mta->ask("EHLO relay.example.org"), shown_);
  send_message(*mta, "c.example", "four");
  EXPECT_EQ(mta->ask("QUIT"), "221 2.0.0 Bye");
  ASSERT_TRUE(ended(3));
  EXPECT_EQ(signers(), Texts({"c.example", "x.example", "c.example"}));
  EXPECT_EQ(messages(), Texts({"one\r\n", "two\r\n", "three\r\n", "four\r\n"}));
}

TEST_F(HelloTest, a_name_that_the_server_refuses_does_not_count) {
  const ScriptedServer server({[this](Peer& peer) {
    peer.send("220 mx.example.com ESMTP\r\n");
    EXPECT_EQ(peer.line(), "EHLO x.example");
    peer.send(std::string("250-mx.example.com\r\n") + for_parties);
    EXPECT_EQ(verify(peer.line().substr(12), peer).domain->text(), "x.example");
    peer.send("235 2.7.0 Ok\r\n");
    EXPECT_EQ(peer.line(), "EHLO y.example");
    peer.send("550 5.7.1 Not you\r\n");
    EXPECT_EQ(peer.line(), mail("example.net"));
    peer.send("250 2.0.0 Ok\r\n");
    EXPECT_EQ(peer.line(), "QUIT");
    peer.send("221 2.0.0 Bye\r\n");
  }});
  start(server.endpoint());
  const auto mta = connect_and_greet_as("x.example");
  EXPECT_EQ(mta->ask("EHLO y.example"), "550 5.7.1 Not you");
  EXPECT_EQ(mta->ask(mail("example.net")), "250 2.0.0 Ok");
  EXPECT_EQ(mta->ask("QUIT"), "221 2.0.0 Bye");
  EXPECT_TRUE(mta->closed());
  EXPECT_EQ(server.connections(), 1U);
}

TEST_F(HelloTest, the_reply_to_a_later_one_hides_what_the_first_hid) {
  const ScriptedServer server(
      {smtp("250-XCLIENT NAME\r\n250-STARTTLS\r\n250-SIZE 9\r\n250 AUTH PLAIN TECS-1\r\n")});
  start(server.endpoint());
  shown_ = "250-mx.example.com\n250 SIZE 9";
  const auto mta = connect_and_greet_as("x.example");
  EXPECT_EQ(mta->ask("EHLO x.example"), shown_);
  EXPECT_TRUE(mta->ask("XCLIENT NAME=spike.example").starts_with("503 5.5.1 "));
  EXPECT_TRUE(mta->closed());
}

}  // namespace
}  // namespace tecs::test
