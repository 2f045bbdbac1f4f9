// The proxy when something is missing, late, too much or over.
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <future>
#include <semaphore>

#include "tecs/adapters/socket_address.hpp"
#include "unit/signer/proxy_fixture.hpp"

namespace tecs::test {
namespace {

constexpr const char* plain = "250-SIZE 1000\r\n250 AUTH TECS-1\r\n";

void say_nothing(Peer& peer) {
  while (!peer.octets(1).empty()) {
  }
}

class ProxyLimits : public ProxyTest {
 protected:
  // What the MTA gets in place of a greeting.
  void expect_refusal(const std::string& sentence) {
    const auto mta = connect();
    EXPECT_EQ(mta->line(), "421 4.4.1 relay.example.org TECS signer: " + sentence);
    EXPECT_TRUE(mta->closed());
    EXPECT_TRUE(log_says("result=failed reason=\"" + sentence + "\"")) << log();
  }

  std::unique_ptr<Peer> connect_and_pump() {
    auto mta = connect();
    EXPECT_EQ(mta->reply(), "220 mx.example.com ESMTP");
    EXPECT_EQ(mta->ask("EHLO relay.example.org"), "250-mx.example.com\n250 SIZE 1000");
    return mta;
  }
};

TEST_F(ProxyLimits, a_server_that_is_not_there_is_a_421) {
  const Endpoint nowhere = unused_endpoint();
  start(nowhere);
  expect_refusal("cannot connect to " + nowhere.format() + ": Connection refused");
}

TEST_F(ProxyLimits, a_name_without_an_address_is_a_421) {
  lookup_ = [](const std::string&) -> Expected<std::vector<IpAddress>> {
    return failure(Reason::dns_timeout, "no DNS server answered");
  };
  start(HostAndPort{"mx.example.com", 25});
  expect_refusal("mx.example.com: no DNS server answered");
}

TEST_F(ProxyLimits, a_connection_that_nobody_redirected_is_a_421) {
  start(OriginalDestination{});
  const auto mta = connect();
  const std::string line = mta->line();
  EXPECT_TRUE(line.starts_with("421 4.4.1 relay.example.org TECS signer: this connection was ")) << line;
}

TEST_F(ProxyLimits, a_signer_that_meets_itself_says_so) {
  const Endpoint itself = unused_endpoint();
  settings_.listen = {{itself.address(), itself.port()}};
  start(itself);
  const auto mta = connect();
  const std::string line = mta->line();
  EXPECT_TRUE(line.starts_with("421 4.7.0 ") || line.starts_with("421 4.4.1 ")) << line;
  EXPECT_NE(line.find("the signer's own connection came back to it"), std::string::npos) << line;
}

// The MTA is on the signer's host, and the kernel gives both of them the same ports towards different
// servers.
TEST_F(ProxyLimits, an_mta_with_the_port_of_one_of_the_signers_own_connections_is_served) {
  std::promise<std::uint16_t> own_port;
  const ScriptedServer server({[this, &own_port](Peer& peer) {
                                 own_port.set_value(peer.there().port());
                                 smtp(plain)(peer);
                               },
                               smtp(plain)});
  start(server.endpoint());
  const auto first = connect();
  ASSERT_EQ(first->reply(), "220 mx.example.com ESMTP");  // in its dialogue

  const std::uint32_t port = own_port.get_future().get();
  const std::uint32_t range = port << 16U | port;
  constexpr int ip_local_port_range = 51;  // <linux/in.h>, since Linux 6.3
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  Peer second(socket);
  if (::setsockopt(socket, IPPROTO_IP, ip_local_port_range, &range, sizeof range) != 0)
    GTEST_SKIP() << "old kernel";
  const SocketAddress where = SocketAddress::of(door());
  ASSERT_EQ(::connect(socket, where.pointer(), where.length), 0);
  ASSERT_EQ(second.here().port(), port);
  EXPECT_EQ(second.reply(), "220 mx.example.com ESMTP");
}

TEST_F(ProxyLimits, a_server_that_says_nothing_is_left) {
  settings_.relay.dialogue.limits.greeting = std::chrono::milliseconds(50);
  const ScriptedServer server({say_nothing});
  start(server.endpoint());
  const auto mta = connect();
  EXPECT_EQ(mta->line(), "421 4.4.2 relay.example.org TECS signer: the server did not reply in time");
  EXPECT_TRUE(mta->closed());
}

TEST_F(ProxyLimits, a_server_that_says_it_octet_by_octet_gets_no_more_time) {
  settings_.relay.dialogue.limits.greeting = std::chrono::milliseconds(100);
  clock_.hold_steady();
  std::counting_semaphore<> octets(0);
  const ScriptedServer server({[&octets](Peer& peer) {
    peer.send("220-");
    for (int i = 0; i < 5; ++i) {
      octets.acquire();
      peer.send("x");
    }
    say_nothing(peer);
  }});
  start(server.endpoint());
  const auto mta = connect();
  ASSERT_TRUE(eventually([&server] { return server.connections() == 1; }));
  for (int i = 0; i < 5; ++i, octets.release()) pass(std::chrono::milliseconds(60));
  EXPECT_EQ(mta->line(), "421 4.4.2 relay.example.org TECS signer: the server did not reply in time");
}

TEST_F(ProxyLimits, a_server_that_does_not_answer_auth_gets_the_mail_unsigned) {
  settings_.relay.dialogue.limits.authentication = std::chrono::milliseconds(50);
  const ScriptedServer server({[](Peer& peer) {
                                 peer.send("220 mx.example.com ESMTP\r\n");
                                 (void)peer.line();
                                 peer.send(std::string("250-mx.example.com\r\n") + plain);
                                 say_nothing(peer);
                               },
                               smtp(plain)});
  start(server.endpoint());
  EXPECT_EQ(connect_and_pump()->ask("QUIT"), "221 2.0.0 Bye");
  EXPECT_TRUE(log_says("result=unsigned reason=\"AUTH failed: the server did not reply in time\"")) << log();
}

TEST_F(ProxyLimits, a_server_that_does_not_shake_hands_gets_the_mail_in_the_clear) {
  settings_.relay.dialogue.limits.starttls = std::chrono::milliseconds(50);
  const ScriptedServer server({[](Peer& peer) {
                                 peer.send("220 mx.example.com ESMTP\r\n");
                                 (void)peer.line();
                                 peer.send("250-mx.example.com\r\n250 STARTTLS\r\n");
                                 (void)peer.line();
                                 peer.send("220 Ready\r\n");
                                 say_nothing(peer);
                               },
                               smtp(plain)});
  start(server.endpoint());
  EXPECT_EQ(connect_and_pump()->ask("QUIT"), "221 2.0.0 Bye");
  EXPECT_TRUE(log_says("tls-failure=\"the server did not reply in time\" identity=example.org result=signed"))
      << log();
}

TEST_F(ProxyLimits, an_mta_that_says_nothing_is_told) {
  settings_.relay.dialogue.limits.command = std::chrono::milliseconds(50);
  const ScriptedServer server({smtp(plain)});
  start(server.endpoint());
  const auto mta = connect();
  EXPECT_EQ(mta->reply(), "220 mx.example.com ESMTP");
  EXPECT_EQ(mta->line(), "421 4.4.2 relay.example.org TECS signer: no command came in time");
  EXPECT_TRUE(mta->closed());
}

TEST_F(ProxyLimits, an_mta_that_leaves_takes_the_server_with_it) {
  std::promise<bool> left;
  const ScriptedServer server({[&left](Peer& peer) {
    peer.send("220 mx.example.com ESMTP\r\n");
    left.set_value(peer.closed());
  }});
  start(server.endpoint());
  EXPECT_EQ(connect()->reply(), "220 mx.example.com ESMTP");
  EXPECT_TRUE(left.get_future().get());
  EXPECT_TRUE(log_says("result=failed reason=\"the MTA closed the connection\"")) << log();
}

TEST_F(ProxyLimits, an_idle_session_ends_and_a_busy_one_does_not) {
  clock_.hold_steady();
  settings_.relay.transfer.idle = std::chrono::milliseconds(500);
  const ScriptedServer server({smtp(plain)});
  start(server.endpoint());
  const auto idle = connect_and_pump();
  const auto busy = connect_and_pump();
  for (int i = 0; i < 6; ++i) {
    ASSERT_EQ(busy->ask("NOOP"), "250 2.0.0 Ok");
    pass(std::chrono::milliseconds(100));
  }
  EXPECT_TRUE(idle->closed());
  EXPECT_EQ(busy->ask("QUIT"), "221 2.0.0 Bye");
}

TEST_F(ProxyLimits, an_mta_that_does_not_close_after_the_server_has_is_not_waited_for_as_long) {
  settings_.relay.transfer.half_closed = std::chrono::milliseconds(50);
  const ScriptedServer server({smtp(plain)});
  start(server.endpoint());
  const auto mta = connect_and_pump();
  EXPECT_EQ(mta->ask("QUIT"), "221 2.0.0 Bye");
  EXPECT_TRUE(log_says("result=signed")) << log();
}

TEST_F(ProxyLimits, stopping_lets_sessions_end_and_takes_no_new_ones) {
  const ScriptedServer server({smtp(plain)});
  start(server.endpoint());
  const auto mta = connect_and_pump();
  auto stopped = std::async(std::launch::async, [this] { stop(); });
  ASSERT_TRUE(log_says("stopping; 1 sessions are under way"));
  EXPECT_THROW((void)connect(), std::runtime_error);
  EXPECT_EQ(mta->ask("MAIL FROM:<a@example.org>"), "250 2.0.0 Ok");
  EXPECT_EQ(mta->ask("QUIT"), "221 2.0.0 Bye");
  mta->close();
  stopped.get();
  EXPECT_NE(log().find("result=signed"), std::string::npos);
}

TEST_F(ProxyLimits, stopping_ends_after_its_time) {
  settings_.stop_limit = std::chrono::milliseconds(50);
  const ScriptedServer server({smtp(plain), [](Peer& peer) {
                                 peer.send("220 mx.example.com ESMTP\r\n");
                                 say_nothing(peer);
                               }});
  start(server.endpoint());
  const auto pumping = connect_and_pump();
  const auto talking = connect();
  EXPECT_EQ(talking->reply(), "220 mx.example.com ESMTP");
  talking->send("EHLO relay.example.org\r\n");
  stop();
  EXPECT_TRUE(pumping->closed());
  EXPECT_TRUE(talking->closed());
}

TEST_F(ProxyLimits, an_address_in_use_is_an_error_with_its_name) {
  const ScriptedServer taken({say_nothing});
  settings_.listen = {{taken.endpoint().address(), taken.endpoint().port()}};
  settings_.relay.upstream = taken.endpoint();
  const auto proxy = make();
  ASSERT_FALSE(proxy);
  EXPECT_EQ(proxy.error().sentence,
            "cannot listen on " + taken.endpoint().format() + ": Address already in use");
}

// IPv4 and IPv6 on one port: both must be had, and the IPv6 one must not take the IPv4 one's place.
TEST_F(ProxyLimits, both_families_can_share_a_port) {
  const std::uint16_t port = unused_endpoint().port();
  settings_.listen = {{*IpAddress::parse("::"), port}, {*IpAddress::parse("0.0.0.0"), port}};
  const ScriptedServer server({smtp(plain)});
  start(server.endpoint());
  for (const char* const address : {"127.0.0.1", "::1"}) {
    const auto mta = Peer::connect(*Endpoint::make(*IpAddress::parse(address), port));
    EXPECT_EQ(mta->reply(), "220 mx.example.com ESMTP");
    EXPECT_EQ(mta->ask("QUIT"), "221 2.0.0 Bye");
  }
}

TEST_F(ProxyLimits, an_ipv6_door_alone_takes_ipv4_clients) {
  const std::uint16_t port = unused_endpoint().port();
  settings_.listen = {{*IpAddress::parse("::"), port}};
  const ScriptedServer server({smtp(plain)});
  start(server.endpoint());
  const auto mta = Peer::connect(*Endpoint::make(*IpAddress::parse("127.0.0.1"), port));
  EXPECT_EQ(mta->reply(), "220 mx.example.com ESMTP");
  EXPECT_EQ(mta->ask("QUIT"), "221 2.0.0 Bye");
  mta->close();
  EXPECT_TRUE(log_says("client=127.0.0.1:"));
}

TEST_F(ProxyLimits, running_out_of_descriptors_is_no_end) {
#ifdef TECS_ADDRESS_SANITIZER
  // The build with AddressSanitizer has UndefinedBehaviorSanitizer too, which asks through a pipe whether
  // memory can be read. Where no pipe can be had it takes every object for none. ThreadSanitizer's build
  // runs this.
  GTEST_SKIP() << "UndefinedBehaviorSanitizer needs descriptors of its own";
#endif
  const ScriptedServer server({smtp(plain)});
  start(server.endpoint());
  const auto busy = connect_and_pump();
  rlimit usual{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &usual), 0);
  const rlimit few{.rlim_cur = 256, .rlim_max = usual.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &few), 0);
  std::vector<int> fillers;
  for (int filler = 0; (filler = ::dup(busy->socket())) >= 0;) fillers.push_back(filler);
  ASSERT_FALSE(fillers.empty());
  ::close(fillers.back());  // for the client's own end
  fillers.pop_back();
  const auto late = connect();
  EXPECT_TRUE(log_says("cannot accept connections, will go on trying: Too many open files"));
  EXPECT_EQ(busy->ask("NOOP"), "250 2.0.0 Ok") << "a session that is under way";
  for (const int filler : fillers) ::close(filler);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &usual), 0);
  EXPECT_EQ(late->reply(), "220 mx.example.com ESMTP");
  const std::string lines = log();
  EXPECT_EQ(lines.find("cannot accept"), lines.rfind("cannot accept")) << "said once";
}

}  // namespace
}  // namespace tecs::test
