// A whole proxy on loopback, in a thread of its own, between an MTA and servers that the test plays.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <new>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "signer/proxy.hpp"
#include "tecs/clock.hpp"
#include "tecs/signing_key.hpp"
#include "tecs/verification.hpp"
#include "unit/smtp/scripted_server.hpp"

namespace tecs::test {

// Tells the time of day as it was set; its steady time is real until it is held.
class SettableClock final : public Clock {
 public:
  [[nodiscard]] std::chrono::system_clock::time_point now() const override {
    ++asked_;
    return std::chrono::system_clock::time_point(std::chrono::seconds(seconds_.load()));
  }
  [[nodiscard]] std::chrono::steady_clock::time_point steady() const override {
    if (throws_.exchange(false)) throw std::bad_alloc();
    return held_ ? std::chrono::steady_clock::time_point(std::chrono::milliseconds(steady_))
                 : std::chrono::steady_clock::now();
  }
  void hold_steady() { held_ = true; }
  void advance_steady(std::chrono::milliseconds by) { steady_ += by.count(); }
  // The next who asks for the steady time, as if there had been no memory for what he does.
  void throw_once() { throws_ = true; }
  void advance(std::chrono::seconds by) { seconds_ += by.count(); }
  // How often for the time of day.
  [[nodiscard]] unsigned asked() const { return asked_; }

 private:
  std::atomic<long> seconds_{1'170'806'410};
  std::atomic<bool> held_ = false;
  std::atomic<long> steady_ = 0;
  mutable std::atomic<bool> throws_ = false;
  mutable std::atomic<unsigned> asked_ = 0;
};

// What a server that does TECS-1 saw.
struct Seen {
  std::size_t number = 0;  // from 1, in the order of the greetings, with smtp()
  std::string ehlo{};
  std::string credential{};  // base64; empty: the client did not try
  Verification verification{};
  std::vector<std::string> senders{};   // what came after MAIL
  std::vector<std::string> messages{};  // all octets between DATA, or in BDAT, and the end
  bool quit = false;
};

class ProxyTest : public testing::Test {
 protected:
  static void SetUpTestSuite();
  ProxyTest();
  ~ProxyTest() override;
  void TearDown() override { stop(); }

  // The settings may be changed before.
  void start(const UpstreamAddress& upstream);
  // The rules as they are now, for sessions that begin from here on.
  void apply();
  // Without starting it.
  [[nodiscard]] Expected<std::unique_ptr<Proxy>> make();
  // With the steady time held: returns when the proxy has looked at the clock since.
  void pass(std::chrono::milliseconds time);
  // Returns when run() has.
  void stop();

  [[nodiscard]] std::unique_ptr<Peer> connect() const { return Peer::connect(door()); }
  [[nodiscard]] Endpoint door() const;

  // A server with these lines in its reply to EHLO. It does STARTTLS when asked, verifies what AUTH brings,
  // answers 235 or 535, takes messages, and answers 250 to everything else until QUIT.
  [[nodiscard]] ScriptedServer::Script smtp(const std::string& capabilities);
  // The connections that have ended.
  [[nodiscard]] std::vector<Seen> seen() const;
  // From the first EHLO on; the server has greeted already.
  void serve_smtp(Peer& peer, const std::string& capabilities, std::size_t number = 0);
  // A domain of its own key, for settings_ and for verify().
  [[nodiscard]] Identity identity_of(const std::string& domain);
  [[nodiscard]] ProxyStatistics statistics() const { return proxy_->statistics(); }
  [[nodiscard]] std::vector<SessionReport> reports() const;

  // Whether the signature is good for the connection that the server sees, now.
  [[nodiscard]] Verification verify(const std::string& credential, const Peer& peer) const;
  [[nodiscard]] Verification verify(const std::string& credential, const ConnectionTuple& tuple,
                                    std::chrono::sys_seconds time) const;

  // All lines so far.
  [[nodiscard]] std::string log() const;
  [[nodiscard]] bool log_says(const std::string& text) const {
    return eventually([&] { return log().find(text) != std::string::npos; });
  }

  SettableClock clock_;
  SigningKey key_ = *SigningKey::generate(KeyType::ed25519, 0);  // of example.org, the default identity
  std::vector<std::pair<std::string, Identity>> identities_;     // as in the identities file
  DestinationPolicy policy_;                                     // for all servers
  NatRule nat_;
  AddressLookup lookup_;
  std::atomic<bool> throws_ = false;  // run(), with the next report
  ProxySettings settings_{
      .listen = {{*IpAddress::parse("127.0.0.1"), 0}},
      .relay = {.upstream = OriginalDestination{}, .dialogue = {.host = "relay.example.org"}},
      .tick = std::chrono::milliseconds(10)};

 private:
  class LogLines;
  class NoTlsa;
  [[nodiscard]] std::shared_ptr<const SignerRules> rules() const;

  std::shared_ptr<LogLines> log_;
  std::unique_ptr<NoTlsa> tlsa_;
  std::unique_ptr<TlsPlanner> planner_;
  std::unique_ptr<Proxy> proxy_;
  std::jthread loop_;
  mutable std::mutex mutex_;
  std::atomic<std::size_t> connections_ = 0;
  std::vector<Seen> seen_;
  std::vector<SessionReport> reports_;
  std::map<std::string, SigningKey> keys_;
};

}  // namespace tecs::test
