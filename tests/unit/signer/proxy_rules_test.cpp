// What the proxy's rules and settings do to a session: limits, reloads, the challenge, the source address.
#include <netinet/in.h>
#include <sys/socket.h>

#include <future>

#include "tecs/adapters/socket_address.hpp"
#include "tecs/base64.hpp"
#include "tecs/challenge.hpp"
#include "unit/signer/proxy_fixture.hpp"

namespace tecs::test {
namespace {

constexpr const char* plain = "250-SIZE 1000\r\n250 AUTH TECS-1\r\n";

class ProxyRules : public ProxyTest {
 protected:
  std::unique_ptr<Peer> connect_and_pump() {
    auto mta = connect();
    EXPECT_EQ(mta->reply(), "220 mx.example.com ESMTP");
    EXPECT_EQ(mta->ask("EHLO relay.example.org"), "250-mx.example.com\n250 SIZE 1000");
    return mta;
  }
  [[nodiscard]] bool sessions(std::size_t count) const {
    return eventually([this, count] { return statistics().sessions == count; });
  }
};

TEST_F(ProxyRules, a_session_too_many_is_turned_away_until_another_has_ended) {
  settings_.maximum_sessions = 2;
  const ScriptedServer server({smtp(plain)});
  start(server.endpoint());
  const auto first = connect_and_pump();
  auto second = connect_and_pump();
  const auto third = connect();
  EXPECT_EQ(third->line(), "421 4.3.2 relay.example.org TECS signer: too many sessions");
  EXPECT_TRUE(third->closed());
  EXPECT_EQ(first->ask("NOOP"), "250 2.0.0 Ok");
  second.reset();
  ASSERT_TRUE(sessions(1));
  const auto fourth = connect_and_pump();
  const std::string lines = log();
  EXPECT_NE(lines.find("turning MTAs away: there are 2 sessions already"), std::string::npos) << lines;
  EXPECT_EQ(server.connections(), 3U);
}

// Nobody listens on the second one.
TEST_F(ProxyRules, a_connection_too_many_to_a_server_goes_to_the_next_of_its_addresses) {
  policy_.maximum_connections = 1;
  const ScriptedServer server({smtp(plain)});
  lookup_ = [](const std::string&) -> Expected<std::vector<IpAddress>> {
    return std::vector<IpAddress>{*IpAddress::parse("127.0.0.1"), *IpAddress::parse("127.0.0.2")};
  };
  start(HostAndPort{"mx.example.com", server.endpoint().port()});
  auto first = connect_and_pump();
  const std::string line = connect()->line();
  EXPECT_TRUE(line.starts_with("421 4.4.1 relay.example.org TECS signer: cannot connect to 127.0.0.2:"))
      << line;
  first.reset();
  ASSERT_TRUE(eventually([this] { return statistics().connections == 0; }));
  const auto second = connect_and_pump();
}

TEST_F(ProxyRules, a_connection_too_many_to_a_server_is_a_421) {
  policy_.maximum_connections = 2;
  const ScriptedServer server({smtp(plain)});
  start(server.endpoint());
  auto first = connect_and_pump();
  const auto second = connect_and_pump();
  EXPECT_EQ(connect()->line(),
            "421 4.4.5 relay.example.org TECS signer: there are 2 connections to 127.0.0.1 already");
  first.reset();
  ASSERT_TRUE(eventually([this] { return statistics().connections == 1; }));
  const auto third = connect_and_pump();
}

TEST_F(ProxyRules, new_ones_reach_new_sessions_only) {
  const ScriptedServer server({smtp(plain)});
  start(server.endpoint());
  const auto before = connect();
  EXPECT_EQ(before->reply(), "220 mx.example.com ESMTP");
  identities_ = {{"source:127.0.0.0/8", identity_of("new.example")}};
  apply();
  const auto after = connect_and_pump();
  (void)before->ask("EHLO relay.example.org");
  EXPECT_EQ(before->ask("QUIT"), "221 2.0.0 Bye");
  EXPECT_EQ(after->ask("QUIT"), "221 2.0.0 Bye");
  ASSERT_TRUE(eventually([this] { return seen().size() == 2; }));
  EXPECT_EQ(seen()[0].verification.domain->text(), "example.org");
  EXPECT_EQ(seen()[1].verification.domain->text(), "new.example");
}

TEST_F(ProxyRules, may_be_replaced_while_many_sessions_run) {
  const ScriptedServer server({smtp(plain)});
  start(server.endpoint());
  std::atomic<bool> done = false;
  auto replacing = std::async(std::launch::async, [&] {
    while (!done) apply();
  });
  for (int i = 0; i < 50; ++i) EXPECT_EQ(connect_and_pump()->ask("QUIT"), "221 2.0.0 Bye");
  done = true;
  replacing.wait();
  for (const Seen& connection : seen()) EXPECT_EQ(connection.verification.result, Result::pass);
}

TEST_F(ProxyRules, know_the_listener_that_a_connection_came_to) {
  const std::uint16_t port = unused_endpoint().port();
  settings_.listen = {{*IpAddress::parse("0.0.0.0"), port}, {*IpAddress::parse("127.0.0.1"), 0}};
  identities_ = {{"listener:0.0.0.0:" + std::to_string(port), identity_of("listener.example")}};
  const ScriptedServer server({smtp(plain)});
  start(server.endpoint());
  const auto mta = Peer::connect(*Endpoint::make(*IpAddress::parse("127.0.0.1"), port));
  (void)mta->reply();
  (void)mta->ask("EHLO relay.example.org");
  EXPECT_EQ(mta->ask("QUIT"), "221 2.0.0 Bye");
  ASSERT_TRUE(eventually([this] { return seen().size() == 1; }));
  EXPECT_EQ(seen()[0].verification.domain->text(), "listener.example");
}

TEST_F(ProxyRules, what_is_under_way_is_counted) {
  std::promise<void> go;
  const ScriptedServer server({[this, &go](Peer& peer) {
                                 go.get_future().wait();
                                 smtp(plain)(peer);
                               },
                               smtp(plain)});
  start(server.endpoint());
  const auto waiting = connect();
  ASSERT_TRUE(eventually([this] { return statistics().in_set_up == 1; }));
  const auto pumping = connect_and_pump();
  EXPECT_TRUE(eventually([this] { return statistics().pumping == 1; }));
  EXPECT_EQ(statistics().sessions, 2U);
  EXPECT_EQ(statistics().connections, 2U);
  EXPECT_EQ(statistics().in_set_up, 1U);
  go.set_value();
  waiting->close();
  pumping->close();
  EXPECT_TRUE(sessions(0));
  EXPECT_EQ(statistics().connections, 0U);
  EXPECT_EQ(statistics().in_set_up, 0U);
  EXPECT_EQ(statistics().pumping, 0U);
}

TEST_F(ProxyRules, a_server_that_must_be_recognized_and_cannot_be_gets_no_connection) {
  policy_.tls = TlsLevel::verify;
  const ScriptedServer server({smtp(plain)});
  start(server.endpoint());
  const std::string line = connect()->line();
  EXPECT_TRUE(line.starts_with("421 4.7.5 relay.example.org TECS signer: no connection to ")) << line;
  EXPECT_EQ(server.connections(), 0U);
}

// DNS is asked by a thread of its own, and does not know: no connection (RFC 7672 section 2.1.1).
TEST_F(ProxyRules, a_server_whose_dane_records_cannot_be_had_gets_no_connection) {
  policy_.tls = TlsLevel::dane;
  const ScriptedServer server({smtp(plain)});
  lookup_ = [](const std::string&) -> Expected<std::vector<IpAddress>> {
    return std::vector<IpAddress>{*IpAddress::parse("127.0.0.1")};
  };
  start(HostAndPort{"mx.example.com", server.endpoint().port()});
  const std::string line = connect()->line();
  EXPECT_TRUE(line.starts_with("421 4.7.5 relay.example.org TECS signer: no connection to ")) << line;
  EXPECT_EQ(server.connections(), 0U);
}

// Issue: a signature costs no time. The clock is asked when the signature is begun: before the greeting.
TEST_F(ProxyRules, a_signature_is_begun_while_the_greeting_is_awaited) {
  const ScriptedServer server({[this](Peer& peer) {
    EXPECT_TRUE(eventually([this] { return clock_.asked() > 0; }));
    smtp(plain)(peer);
  }});
  start(server.endpoint());
  EXPECT_EQ(connect_and_pump()->ask("QUIT"), "221 2.0.0 Bye");
}

struct Told {
  const char* name;
  std::string client;             // c= of the challenge; empty: an empty challenge
  std::chrono::seconds ahead{0};  // of t=
  std::string want_client;        // whose signature it must be; empty: the connection's own end
  std::chrono::seconds want_ahead{0};
};

class ToldByTheServer : public ProxyRules, public testing::WithParamInterface<Told> {
 protected:
  [[nodiscard]] std::string challenge() const {
    if (GetParam().client.empty()) return "";
    return encode_base64(
        octets_of(Challenge{*Endpoint::parse(GetParam().client), now() + GetParam().ahead}.format()));
  }
  [[nodiscard]] std::chrono::sys_seconds now() const {
    return std::chrono::floor<std::chrono::seconds>(clock_.now());
  }
};

TEST_P(ToldByTheServer, the_signature_is_for) {
  nat_ = *NatRule::parse("always");
  std::promise<Result> result;
  const ScriptedServer server({[&](Peer& peer) {
    peer.send("220 mx.example.com ESMTP\r\n");
    (void)peer.line();
    peer.send(std::string("250-mx.example.com\r\n") + plain);
    EXPECT_EQ(peer.line(), "AUTH TECS-1");
    peer.send("334 " + challenge() + "\r\n");
    const Endpoint client =
        GetParam().want_client.empty() ? peer.there() : *Endpoint::parse(GetParam().want_client);
    result.set_value(
        verify(peer.line(), *ConnectionTuple::make(peer.here(), client), now() + GetParam().want_ahead)
            .result);
    peer.send("235 2.7.0 Ok\r\n");
  }});
  start(server.endpoint());
  const auto mta = connect_and_pump();
  EXPECT_EQ(result.get_future().get(), Result::pass);
}

INSTANTIATE_TEST_SUITE_P(
    Challenges, ToldByTheServer,
    testing::Values(Told{"the_end_that_it_sees", "198.51.100.7:40213", {}, "198.51.100.7:40213", {}},
                    Told{"its_time_within_the_skew", "198.51.100.7:40213", std::chrono::seconds(100),
                         "198.51.100.7:40213", std::chrono::seconds(100)},
                    Told{"our_time_beyond_the_skew",
                         "198.51.100.7:40213",
                         std::chrono::seconds(-121),
                         "198.51.100.7:40213",
                         {}},
                    Told{"our_own_end_when_the_challenge_is_empty", "", {}, "", {}},
                    Told{
                        "our_own_end_when_its_view_is_of_another_family", "[2001:db8::1]:40213", {}, "", {}}),
    [](const auto& tested) { return std::string(tested.param.name); });

// The MTA comes from a second address of loopback.
std::unique_ptr<Peer> connect_from(const char* address, const Endpoint& door) {
  auto peer = std::make_unique<Peer>(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const SocketAddress from = SocketAddress::of(*IpAddress::parse(address), 0);
  const SocketAddress to = SocketAddress::of(door);
  EXPECT_EQ(::bind(peer->socket(), from.pointer(), from.length), 0);
  EXPECT_EQ(::connect(peer->socket(), to.pointer(), to.length), 0);
  return peer;
}

struct Source {
  const char* name;
  std::optional<SourceChoice> choice;
  const char* want;
};

class SourceAddressOf : public ProxyRules, public testing::WithParamInterface<Source> {};

TEST_P(SourceAddressOf, a_connection_to_the_server) {
  settings_.relay.source = GetParam().choice;
  std::promise<std::string> source;
  const ScriptedServer server({[&source](Peer& peer) { source.set_value(peer.there().address().format()); }});
  start(server.endpoint());
  const auto mta = connect_from("127.0.0.9", door());
  EXPECT_EQ(source.get_future().get(), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(Choices, SourceAddressOf,
                         testing::Values(Source{"of_the_mta", SourceChoice::mta, "127.0.0.9"},
                                         Source{"of_the_system", SourceChoice::system, "127.0.0.1"},
                                         Source{"unsaid_with_a_fixed_server", std::nullopt, "127.0.0.1"}),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST_F(ProxyRules, a_source_address_that_cannot_be_had_is_a_421) {
  settings_.listen = {{*IpAddress::parse("::1"), 0}};
  settings_.relay.source = SourceChoice::mta;
  const ScriptedServer server({smtp(plain)});
  start(server.endpoint());
  const std::string line = connect()->line();
  EXPECT_NE(line.find("cannot use the MTA's address ::1: "), std::string::npos) << line;
  EXPECT_EQ(server.connections(), 0U);
}

// With the capability it is had, without it the MTA hears what is missing.
TEST_F(ProxyRules, a_transparent_source_address_needs_a_capability) {
  const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  const bool capable = ::setsockopt(probe, SOL_IP, IP_TRANSPARENT, &on, sizeof on) == 0;
  ::close(probe);
  settings_.relay.source = SourceChoice::transparent;
  const ScriptedServer server({smtp(plain)});
  start(server.endpoint());
  const std::string line = connect_from("127.0.0.9", door())->line();
  if (capable) {
    EXPECT_EQ(line, "220 mx.example.com ESMTP");
  } else {
    EXPECT_NE(line.find("source = transparent needs the capability CAP_NET_ADMIN"), std::string::npos)
        << line;
  }
}

}  // namespace
}  // namespace tecs::test
