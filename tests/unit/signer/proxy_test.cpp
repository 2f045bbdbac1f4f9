// The proxy with real sockets: what it says to MTA and server, and what it signs.
#include "signer/proxy.hpp"

#include <future>

#include "unit/signer/proxy_fixture.hpp"

namespace tecs::test {
namespace {

constexpr const char* plain = "250-SIZE 1000\r\n250 AUTH TECS-1\r\n";
constexpr const char* with_starttls = "250-STARTTLS\r\n250-SIZE 1000\r\n250 AUTH TECS-1\r\n";

// A session from greeting to QUIT; gives the reply to EHLO.
std::string converse(Peer& mta) {
  EXPECT_EQ(mta.reply(), "220 mx.example.com ESMTP");
  std::string capabilities = mta.ask("EHLO relay.example.org");
  EXPECT_EQ(mta.ask("MAIL FROM:<a@example.org>"), "250 2.0.0 Ok");
  EXPECT_EQ(mta.ask("QUIT"), "221 2.0.0 Bye");
  EXPECT_TRUE(mta.closed());
  return capabilities;
}

class SignedOver : public ProxyTest, public testing::WithParamInterface<const char*> {};

TEST_P(SignedOver, the_connection_as_the_server_sees_it) {
  const ScriptedServer server({smtp(plain)}, GetParam());
  settings_.listen = {{*IpAddress::parse(GetParam()), 0}};
  start(server.endpoint());
  EXPECT_EQ(converse(*connect()), "250-mx.example.com\n250 SIZE 1000");
  ASSERT_TRUE(log_says("result=signed"));
  ASSERT_EQ(seen().size(), 1U);
  EXPECT_EQ(seen()[0].ehlo, "EHLO relay.example.org");
  EXPECT_EQ(seen()[0].verification.result, Result::pass) << seen()[0].verification.detail();
  EXPECT_EQ(seen()[0].verification.domain->text(), "example.org");
  EXPECT_TRUE(log_says(" upstream=" + server.endpoint().format() +
                       " tls=none tls-level=may tls-result=clear identity=example.org result=signed "
                       "octets-out=33 octets-in=29 "))
      << log();
}

INSTANTIATE_TEST_SUITE_P(Families, SignedOver, testing::Values("127.0.0.1", "::1"));

class SignedWith : public ProxyTest, public testing::WithParamInterface<unsigned> {};

TEST_P(SignedWith, rsa_keys_of_any_length) {
  key_ = *SigningKey::generate(KeyType::rsa, GetParam());
  const ScriptedServer server({smtp(plain)});
  start(server.endpoint());
  (void)converse(*connect());
  ASSERT_TRUE(log_says("result=signed")) << log();
  EXPECT_EQ(seen()[0].verification.key_bits, GetParam());
}

INSTANTIATE_TEST_SUITE_P(Bits, SignedWith, testing::Values(2048U, 4096U));

TEST_F(ProxyTest, signs_behind_starttls) {
  const ScriptedServer server({smtp(with_starttls)});
  start(server.endpoint());
  EXPECT_EQ(converse(*connect()), "250-mx.example.com\n250 SIZE 1000");
  EXPECT_TRUE(log_says("tls=TLSv1.3 tls-level=may tls-result=encrypted identity=example.org result=signed"))
      << log();
}

TEST_F(ProxyTest, leaves_starttls_alone_when_told_to) {
  const ScriptedServer server({smtp(with_starttls)});
  policy_.tls = TlsLevel::none;
  start(server.endpoint());
  EXPECT_EQ(converse(*connect()), "250-mx.example.com\n250 SIZE 1000");
  EXPECT_TRUE(log_says("tls=none tls-level=none tls-result=clear identity=example.org result=signed"))
      << log();
}

TEST_F(ProxyTest, throws_away_what_was_sent_ahead_of_the_handshake) {
  const ScriptedServer server({[this](Peer& peer) {
    peer.send("220 mx.example.com ESMTP\r\n");
    (void)peer.line();
    peer.send("250-mx.example.com\r\n250 STARTTLS\r\n");
    EXPECT_EQ(peer.line(), "STARTTLS");
    peer.send("220 Ready\r\n250-evil.example.net\r\n250 X-INJECTED\r\n");
    ASSERT_TRUE(peer.start_tls());
    serve_smtp(peer, plain);
  }});
  start(server.endpoint());
  EXPECT_EQ(converse(*connect()), "250-mx.example.com\n250 SIZE 1000");
  EXPECT_TRUE(log_says("tls=TLSv1.3 tls-level=may tls-result=encrypted identity=example.org result=signed"))
      << log();
}

// OpenSSL takes all of them off the socket at once: nothing more may be waited for.
TEST_F(ProxyTest, finds_the_tls_records_that_came_together) {
  const ScriptedServer server({[](Peer& peer) {
    const auto send_together = [&peer](std::initializer_list<const char*> records) {
      peer.gather(true);
      for (const char* const record : records) peer.send(record);
      peer.gather(false);
    };
    peer.send("220 mx.example.com ESMTP\r\n");
    (void)peer.line();
    peer.send("250-mx.example.com\r\n250 STARTTLS\r\n");
    (void)peer.line();
    peer.send("220 Ready\r\n");
    ASSERT_TRUE(peer.start_tls());
    (void)peer.line();
    send_together({"250-mx", ".example.com\r\n", "250 AUTH TECS-1\r\n"});
    (void)peer.line();
    send_together({"235 ok\r\n", "250 ahead\r\n"});
    (void)peer.line();
    send_together({"250 one\r\n", "250 two\r\n", "250 three\r\n"});
    (void)peer.line();
  }});
  start(server.endpoint());
  const auto mta = connect();
  (void)mta->reply();
  EXPECT_EQ(mta->ask("EHLO relay.example.org"), "250 mx.example.com");
  EXPECT_EQ(mta->line(), "250 ahead");
  EXPECT_EQ(mta->ask("NOOP"), "250 one");
  EXPECT_EQ(mta->line(), "250 two");
  EXPECT_EQ(mta->line(), "250 three");
}

TEST_F(ProxyTest, meets_the_same_server_again_after_a_handshake_that_failed) {
  const ScriptedServer server({[](Peer& peer) {
                                 peer.send("220 mx.example.com ESMTP\r\n");
                                 (void)peer.line();
                                 peer.send("250-mx.example.com\r\n250 STARTTLS\r\n");
                                 (void)peer.line();
                                 peer.send("220 Ready\r\n");
                               },
                               smtp(plain)});
  std::atomic<int> lookups = 0;
  lookup_ = [&lookups](const std::string&) -> Expected<std::vector<IpAddress>> {
    return std::vector<IpAddress>{*IpAddress::parse(++lookups == 1 ? "127.0.0.1" : "127.0.0.2")};
  };
  start(HostAndPort{"mx.example.com", server.endpoint().port()});
  EXPECT_EQ(converse(*connect()), "250-mx.example.com\n250 SIZE 1000");
  EXPECT_TRUE(log_says("result=signed")) << log();
}

TEST_F(ProxyTest, goes_on_in_the_clear_when_the_handshake_fails) {
  const ScriptedServer server({[](Peer& peer) {
                                 peer.send("220 mx.example.com ESMTP\r\n");
                                 (void)peer.line();
                                 peer.send("250-mx.example.com\r\n250 STARTTLS\r\n");
                                 (void)peer.line();
                                 peer.send("220 Ready\r\n");
                                 EXPECT_NE(peer.octets(1), "");
                                 peer.send("this is no handshake at all\r\n");
                                 while (!peer.octets(1).empty()) {
                                 }
                               },
                               smtp(with_starttls)});
  start(server.endpoint());
  EXPECT_EQ(converse(*connect()), "250-mx.example.com\n250 SIZE 1000");
  EXPECT_TRUE(
      log_says("tls=none tls-level=may tls-result=failed "
               "tls-failure=\"TLS: wrong version number\" identity=example.org result=signed"))
      << log();
  EXPECT_EQ(server.connections(), 2U);
}

TEST_F(ProxyTest, goes_on_unsigned_when_auth_ends_the_connection) {
  const ScriptedServer server({[](Peer& peer) {
                                 peer.send("220 mx.example.com ESMTP\r\n");
                                 (void)peer.line();
                                 peer.send(std::string("250-mx.example.com\r\n") + plain);
                                 (void)peer.line();
                               },
                               smtp(plain)});
  start(server.endpoint());
  EXPECT_EQ(converse(*connect()), "250-mx.example.com\n250 SIZE 1000");
  EXPECT_TRUE(log_says("result=unsigned reason=\"AUTH failed: the server closed the connection\"")) << log();
}

TEST_F(ProxyTest, goes_on_unsigned_when_tecs_is_not_offered) {
  const ScriptedServer server({smtp("250-AUTH PLAIN\r\n250 SIZE 1000\r\n")});
  start(server.endpoint());
  EXPECT_EQ(converse(*connect()), "250-mx.example.com\n250-AUTH PLAIN\n250 SIZE 1000");
  EXPECT_TRUE(log_says("result=unsigned reason=\"the server does not offer TECS-1\"")) << log();
}

TEST_F(ProxyTest, goes_on_unsigned_when_the_signature_is_refused) {
  const ScriptedServer server({smtp(plain)});
  const SigningKey published = key_;
  start(server.endpoint());
  key_ = *SigningKey::generate(KeyType::ed25519, 0);  // what the server finds in DNS is another key
  EXPECT_EQ(converse(*connect()), "250-mx.example.com\n250 SIZE 1000");
  EXPECT_TRUE(log_says("result=unsigned reason=\"the server refused the signature: 535 5.7.8 No\"")) << log();
}

TEST_F(ProxyTest, signs_for_the_time_of_auth_and_not_for_that_of_connecting) {
  const ScriptedServer server({smtp(plain)});
  start(server.endpoint());
  const auto mta = connect();
  EXPECT_EQ(mta->reply(), "220 mx.example.com ESMTP");
  clock_.advance(std::chrono::seconds(300));
  (void)mta->ask("EHLO relay.example.org");
  mta->close();
  EXPECT_TRUE(log_says("result=signed")) << log();
}

TEST_F(ProxyTest, signs_each_of_many_connections_at_once) {
  const ScriptedServer server({smtp(with_starttls)});
  start(server.endpoint());
  constexpr std::size_t count = 40;
  std::vector<std::unique_ptr<Peer>> mtas;
  for (std::size_t i = 0; i < count; ++i) mtas.push_back(connect());
  for (const auto& mta : mtas) mta->send("EHLO relay.example.org\r\n");
  for (const auto& mta : mtas) EXPECT_EQ(mta->reply(), "220 mx.example.com ESMTP");
  for (const auto& mta : mtas) EXPECT_EQ(mta->reply(), "250-mx.example.com\n250 SIZE 1000");
  for (const auto& mta : mtas) EXPECT_EQ(mta->ask("QUIT"), "221 2.0.0 Bye");
  ASSERT_TRUE(eventually([this] { return seen().size() == count; }));
  for (const Seen& connection : seen()) {
    EXPECT_EQ(connection.verification.result, Result::pass) << connection.verification.detail();
  }
}

class MovesOctets : public ProxyTest, public testing::WithParamInterface<const char*> {};

TEST_P(MovesOctets, unchanged_however_many_and_both_ways_at_once) {
  std::string octets(4'000'000, '\0');
  for (std::size_t i = 0; i < octets.size(); ++i) octets[i] = static_cast<char>((i * i) >> 9U);
  const ScriptedServer server({[&octets](Peer& peer) {
    peer.send("220 mx.example.com ESMTP\r\n");
    for (std::string line = peer.line(); line != "DATA"; line = peer.line()) {
      if (line == "STARTTLS") {
        peer.send("220 Ready\r\n");
        ASSERT_TRUE(peer.start_tls());
      } else {
        peer.send(std::string("250-mx.example.com\r\n") + GetParam());
      }
    }
    peer.send(octets);
    EXPECT_TRUE(peer.octets(octets.size()) == octets);
    peer.send("end\r\n");
  }});
  start(server.endpoint());
  const auto mta = connect();
  (void)mta->reply();
  (void)mta->ask("EHLO relay.example.org");
  mta->send("DATA\r\n");
  auto sent = std::async(std::launch::async, [&] { mta->send(octets); });
  EXPECT_TRUE(mta->octets(octets.size()) == octets);
  EXPECT_EQ(mta->line(), "end");
  EXPECT_TRUE(mta->closed());
  sent.wait();
}

INSTANTIATE_TEST_SUITE_P(Tls, MovesOctets, testing::Values("250 SIZE\r\n", "250 STARTTLS\r\n"));

TEST_F(ProxyTest, passes_on_a_greeting_that_is_none) {
  const ScriptedServer server({[](Peer& peer) {
    peer.send("554-no mail\r\n554 here\r\n");
    EXPECT_EQ(peer.line(), "QUIT");
    peer.send("221 bye\r\n");
  }});
  start(server.endpoint());
  const auto mta = connect();
  EXPECT_EQ(mta->reply(), "554-no mail\n554 here");
  EXPECT_EQ(mta->ask("QUIT"), "221 bye");
  EXPECT_TRUE(mta->closed());
}

TEST_F(ProxyTest, asks_for_the_addresses_of_a_name_and_tries_them_in_order) {
  const ScriptedServer server({[this](Peer& peer) {
    peer.send("220 mx.example.com ESMTP\r\n");
    (void)peer.line();
    peer.send("250-mx.example.com\r\n250 STARTTLS\r\n");
    (void)peer.line();
    peer.send("220 Ready\r\n");
    ASSERT_TRUE(peer.start_tls());
    EXPECT_EQ(peer.server_name(), "mx.example.com");
    serve_smtp(peer, plain);
  }});
  lookup_ = [](const std::string& host) -> Expected<std::vector<IpAddress>> {
    EXPECT_EQ(host, "mx.example.com");
    return std::vector<IpAddress>{*IpAddress::parse("127.0.0.2"), *IpAddress::parse("127.0.0.1")};
  };
  start(HostAndPort{"mx.example.com", server.endpoint().port()});
  (void)converse(*connect());
  EXPECT_TRUE(log_says("upstream=" + server.endpoint().format() +
                       " tls=TLSv1.3 tls-level=may tls-result=encrypted identity=example.org result=signed"))
      << log();
}

}  // namespace
}  // namespace tecs::test
