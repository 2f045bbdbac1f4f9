// Which ports the connections to servers come from when the kernel would use one again too soon.
#include "signer/dialogue_driver.hpp"

#include <spdlog/logger.h>

#include <algorithm>
#include <asio/co_spawn.hpp>
#include <asio/thread_pool.hpp>
#include <future>
#include <set>

#include "tecs/base64.hpp"
#include "tecs/challenge.hpp"
#include "unit/signer/loop_connections.hpp"
#include "unit/signer/tls_planner_fixture.hpp"

namespace tecs::test {
namespace {

constexpr int connections = 24;

// Every other pair of ports: of the even ones, from which connect() chooses, as many as of the odd ones.
bool marked(std::uint16_t port) {
  return port / 2 % 2 == 0;
}

class DriverPorts : public LoopTest {
 protected:
  DriverPorts() {
    rules_.identities = IdentityTable(std::make_shared<const Signer>(
        *Domain::parse("example.org"), std::nullopt, *SigningKey::generate(KeyType::ed25519, 0)));
  }
  ~DriverPorts() override {
    pool_.stop();
    pool_.join();
    end_loop();
  }

  [[nodiscard]] Epoch now() const {
    return Epoch::nearest(std::chrono::floor<std::chrono::seconds>(clock_.now()));
  }

  // As if connections to this server from all marked ports had been signed.
  void sign_marked(const Endpoint& server, Epoch epoch) {
    for (std::uint16_t port = 32'768; port < 61'000; ++port) {
      if (!marked(port)) continue;
      relay_.signed_tuples.add(*ConnectionTuple::make(server, *Endpoint::make(server.address(), port)),
                               epoch);
    }
  }

  // A dialogue up to the reply to AUTH; the server tells from which ports it was reached.
  ScriptedServer::Script sign() {
    return [this](Peer& peer) {
      const std::uint16_t port = peer.there().port();
      peer.send("220 mx.example.com ESMTP\r\n");
      if (!peer.line().starts_with("EHLO")) return;  // it was given up for another
      peer.send("250-mx.example.com\r\n250 AUTH TECS-1\r\n");
      if (peer.line() == "AUTH TECS-1") {
        const auto time = std::chrono::floor<std::chrono::seconds>(clock_.now()) + server_ahead_;
        peer.send("334 " + encode_base64(octets_of(Challenge{peer.there(), time}.format())) + "\r\n");
        (void)peer.line();
      }
      {
        const std::scoped_lock lock(mutex_);
        signed_.push_back(port);
      }
      peer.send("235 2.7.0 Ok\r\n");
      (void)peer.line();
    };
  }

  // One connection of the MTA after the other, to the end of its dialogue.
  void connect(const Endpoint& server, int count = connections) {
    relay_.settings.upstream = server;
    if (!loop_thread_.joinable()) run_loop();
    for (int i = 0; i < count; ++i) {
      std::unique_ptr<Peer> far;
      Connection mta = make_end(far);
      Connection upstream{Connection::Socket(loop_.get_executor())};
      const IdentityChoice choice(rules_.identities, {*IpAddress::parse("127.0.0.1"), 25},
                                  *IpAddress::parse("127.0.0.1"));
      std::optional<DialogueDriver> driver;
      far->send("EHLO relay.example.org\r\n");
      std::promise<NextAction::Kind> done;
      asio::post(loop_, [&] {
        driver.emplace(relay_, rules_, choice, mta, upstream);
        asio::co_spawn(
            loop_.get_executor(), driver->run(),
            [&](const std::exception_ptr&, const NextAction& action) { done.set_value(action.kind); });
      });
      EXPECT_EQ(done.get_future().get(), NextAction::Kind::pump);
      EXPECT_TRUE(ask([&] {
        const bool is_signed = driver->outcome().ending == DialogueOutcome::Ending::is_signed;
        driver.reset();
        upstream.close();
        mta.close();
        return is_signed;
      }));
    }
  }

  // How many of the signed connections came from marked ports.
  [[nodiscard]] long count_marked() const {
    const std::scoped_lock lock(mutex_);
    EXPECT_EQ(signed_.size(), static_cast<std::size_t>(connections));
    return std::ranges::count_if(signed_, marked);
  }

  HandClock clock_;
  ScriptedSource tlsa_{clock_};
  TlsPlanner planner_{tlsa_, clock_};
  asio::thread_pool pool_{1};
  SignerRules rules_;
  Relay relay_{.settings = {.upstream = OriginalDestination{}, .dialogue = {.host = "relay.example.org"}},
               .lookup = {},
               .planner = planner_,
               .tls = *TlsContext::make({}, clock_),
               .report = {},
               .clock = clock_,
               .log = std::make_shared<spdlog::logger>("test"),
               .loop = loop_,
               .pool = pool_,
               .lookup_pool = pool_,
               .scratch = std::vector<char>(10'000)};
  std::chrono::seconds server_ahead_{0};
  mutable std::mutex mutex_;
  std::vector<std::uint16_t> signed_;
};

class DriverPortsOver : public DriverPorts, public testing::WithParamInterface<const char*> {};

TEST_P(DriverPortsOver, are_none_that_were_signed_in_this_epoch) {
  const ScriptedServer server({sign()}, GetParam());
  sign_marked(server.endpoint(), now());
  connect(server.endpoint());
  EXPECT_EQ(count_marked(), 0);
}

INSTANTIATE_TEST_SUITE_P(Families, DriverPortsOver, testing::Values("127.0.0.1", "::1"));

TEST_F(DriverPorts, are_any_in_the_next_epoch) {
  const ScriptedServer server({sign()});
  sign_marked(server.endpoint(), now());
  clock_.advance(Epoch::step);
  connect(server.endpoint());
  EXPECT_GT(count_marked(), 0);
  EXPECT_EQ(server.connections(), static_cast<std::size_t>(connections)) << "none was given up";
}

// AUTH may come as late as that.
TEST_F(DriverPorts, are_none_that_were_signed_for_a_later_epoch) {
  const ScriptedServer server({sign()});
  sign_marked(server.endpoint(), now().moved(1));
  connect(server.endpoint());
  EXPECT_EQ(count_marked(), 0);
}

TEST_F(DriverPorts, are_any_that_were_signed_towards_another_server) {
  const ScriptedServer server({sign()});
  const ScriptedServer other({sign()});
  sign_marked(other.endpoint(), now());
  connect(server.endpoint());
  EXPECT_GT(count_marked(), 0);
  EXPECT_EQ(server.connections(), static_cast<std::size_t>(connections));
}

TEST_F(DriverPorts, are_of_the_mtas_address_where_that_is_wanted) {
  relay_.settings.source = SourceChoice::mta;
  const ScriptedServer server({sign()});
  sign_marked(server.endpoint(), now());
  connect(server.endpoint());
  EXPECT_EQ(count_marked(), 0);
}

// It signs by the server's time, which an earlier epoch of ours may be.
TEST_F(DriverPorts, are_none_that_were_signed_by_a_server_that_is_late) {
  rules_.nat = *NatRule::parse("always");
  server_ahead_ = -rules_.challenge_skew;
  const ScriptedServer server({sign()});
  sign_marked(server.endpoint(), now().moved(-4));
  connect(server.endpoint());
  EXPECT_EQ(count_marked(), 0);
}

// All of them: the kernel's choice is as good as any.
TEST_F(DriverPorts, are_used_again_when_there_is_no_other) {
  const ScriptedServer server({sign()});
  for (int port = 1'024; port < 65'536; ++port) {
    const auto end = Endpoint::make(server.endpoint().address(), static_cast<std::uint16_t>(port));
    relay_.signed_tuples.add(*ConnectionTuple::make(server.endpoint(), *end), now());
  }
  connect(server.endpoint(), 1);
  EXPECT_EQ(server.connections(), 1U) << "what had begun was kept";
}

// What was signed is remembered, for the epoch and the end that were signed.
TEST_F(DriverPorts, are_remembered) {
  const ScriptedServer server({sign()});
  connect(server.endpoint());
  for (const std::uint16_t port : signed_) {
    const auto end = Endpoint::make(server.endpoint().address(), port);
    EXPECT_EQ(relay_.signed_tuples.latest_epoch(*ConnectionTuple::make(server.endpoint(), *end)), now());
  }
  EXPECT_EQ(std::set(signed_.begin(), signed_.end()).size(), signed_.size());
}

TEST_F(DriverPorts, are_remembered_by_the_servers_time_where_it_tells_one) {
  rules_.nat = *NatRule::parse("always");
  server_ahead_ = -rules_.challenge_skew;
  const ScriptedServer server({sign()});
  connect(server.endpoint());
  for (const std::uint16_t port : signed_) {
    const auto end = Endpoint::make(server.endpoint().address(), port);
    EXPECT_EQ(relay_.signed_tuples.latest_epoch(*ConnectionTuple::make(server.endpoint(), *end)),
              now().moved(-4));
  }
}

}  // namespace
}  // namespace tecs::test
