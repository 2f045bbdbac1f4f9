#include "unit/signer/proxy_fixture.hpp"

#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>

#include <algorithm>
#include <csignal>
#include <optional>
#include <stdexcept>
#include <utility>

#include "signer/identity_match.hpp"
#include "tecs/base64.hpp"
#include "tecs/key_source.hpp"
#include "tecs/signed_octets.hpp"
#include "tecs/verifier.hpp"

namespace tecs::test {
namespace {

// Each domain's key, under whatever selector; the default key everywhere else.
class Keys final : public TxtSource {
 public:
  Keys(const SigningKey& standard, const std::map<std::string, SigningKey>& keys)
      : standard_(standard), keys_(keys) {}
  [[nodiscard]] Expected<TxtAnswer> lookup(const std::string& name) override {
    for (const auto& [domain, key] : keys_) {
      if (name.ends_with("." + domain)) return TxtAnswer{.texts = {record_of(key)}};
    }
    return TxtAnswer{.texts = {record_of(standard_)}};
  }

 private:
  static std::string record_of(const SigningKey& key) {
    return "k=" + std::string(format(key.type())) + "; p=" + encode_base64(key.public_octets());
  }

  const SigningKey& standard_;
  const std::map<std::string, SigningKey>& keys_;
};

// RFC 3030 section 2.
struct BdatSize {
  std::size_t octets;
  bool last;
};

BdatSize size_of_chunk(const std::string& line) {
  return {std::stoul(line.substr(5)), line.ends_with(" LAST")};
}

// Nothing when the connection ends before the message.
std::optional<std::string> receive_message(Peer& peer) {
  std::string message;
  for (std::string line = peer.line(); line != "."; line = peer.line()) {
    if (line == "<closed>") return std::nullopt;
    message += line + "\r\n";
  }
  return message;
}

}  // namespace

class ProxyTest::LogLines final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  [[nodiscard]] std::string text() {
    const std::scoped_lock lock(mutex_);
    return text_;
  }

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    text_.append(message.payload.data(), message.payload.size()).append("\n");
  }
  void flush_() override {}

 private:
  std::string text_;
};

class ProxyTest::NoTlsa final : public TlsaSource {
 public:
  [[nodiscard]] Expected<void> check_validates(const std::string&, std::chrono::milliseconds) override {
    return {};
  }
  [[nodiscard]] Expected<HostAnswer> host(const std::string&, AddressFamily,
                                          std::chrono::milliseconds) override {
    return failure(Reason::dns_error, "no answer");
  }
  [[nodiscard]] Expected<bool> validated_alias(const std::string&, std::chrono::milliseconds) override {
    return failure(Reason::dns_error, "no answer");
  }
  [[nodiscard]] Expected<TlsaAnswer> tlsa_records(const std::string&, std::chrono::milliseconds) override {
    return failure(Reason::dns_error, "no answer");
  }
};

ProxyTest::ProxyTest() = default;
ProxyTest::~ProxyTest() = default;

void ProxyTest::SetUpTestSuite() {
  std::signal(SIGPIPE, SIG_IGN);
}

Expected<std::unique_ptr<Proxy>> ProxyTest::make() {
  log_ = std::make_shared<LogLines>();
  tlsa_ = std::make_unique<NoTlsa>();
  planner_ = std::make_unique<TlsPlanner>(*tlsa_, clock_);
  const auto keep = [this](const SessionReport& report) {
    const std::scoped_lock lock(mutex_);
    reports_.push_back(report);
    if (throws_) throw std::runtime_error("a bug");
  };
  return Proxy::make(settings_, rules(),
                     {.clock = clock_,
                      .lookup = lookup_,
                      .planner = *planner_,
                      .tls = *TlsContext::make({}, clock_),
                      .report = keep,
                      .log = std::make_shared<spdlog::logger>("test", log_)});
}

void ProxyTest::start(const UpstreamAddress& upstream) {
  settings_.relay.upstream = upstream;
  auto proxy = make();
  ASSERT_TRUE(proxy) << proxy.error().sentence;
  proxy_ = std::move(*proxy);
  loop_ = std::jthread([this] { proxy_->run(); });
}

std::shared_ptr<const SignerRules> ProxyTest::rules() const {
  auto rules = std::make_shared<SignerRules>();
  rules->identities = IdentityTable(
      std::make_shared<const Signer>(*Domain::parse("example.org"), *Selector::parse("s1"), key_));
  for (const auto& [match, identity] : identities_) {
    EXPECT_TRUE(rules->identities.add(*IdentityMatch::parse(match), identity)) << match;
  }
  rules->destinations = DestinationTable(policy_);
  rules->nat = nat_;
  return rules;
}

void ProxyTest::apply() {
  proxy_->apply(rules());
}

Identity ProxyTest::identity_of(const std::string& domain) {
  const SigningKey key = *SigningKey::generate(KeyType::ed25519, 0);
  const std::scoped_lock lock(mutex_);
  keys_.emplace(domain, key);
  return std::make_shared<const Signer>(*Domain::parse(domain), std::nullopt, key);
}

void ProxyTest::pass(std::chrono::milliseconds time) {
  clock_.advance_steady(time);
  const std::size_t turn = statistics().turns;
  EXPECT_TRUE(eventually([this, turn] { return statistics().turns > turn + 1; }));
}

void ProxyTest::stop() {
  if (!loop_.joinable()) return;
  proxy_->stop();
  loop_.join();
}

Endpoint ProxyTest::door() const {
  const ListenAddress& address = proxy_->addresses().front();
  return *Endpoint::make(address.address, address.port);
}

std::string ProxyTest::log() const {
  return log_->text();
}

std::vector<Seen> ProxyTest::seen() const {
  const std::scoped_lock lock(mutex_);
  std::vector<Seen> seen = seen_;
  std::ranges::sort(seen, {}, &Seen::number);
  return seen;
}

std::vector<SessionReport> ProxyTest::reports() const {
  const std::scoped_lock lock(mutex_);
  return reports_;
}

Verification ProxyTest::verify(const std::string& credential, const Peer& peer) const {
  return verify(credential, *ConnectionTuple::make(peer.here(), peer.there()),
                std::chrono::floor<std::chrono::seconds>(clock_.now()));
}

Verification ProxyTest::verify(const std::string& credential, const ConnectionTuple& tuple,
                               std::chrono::sys_seconds time) const {
  const std::scoped_lock lock(mutex_);
  Keys records(key_, keys_);
  TxtKeySource keys(records, {});
  const Verifier verifier({.epoch_tolerance = 0});
  return verifier.verify(Credential::parse_base64(credential), std::span(&tuple, 1), time, keys);
}

ScriptedServer::Script ProxyTest::smtp(const std::string& capabilities) {
  return [this, capabilities](Peer& peer) {
    const std::size_t number = ++connections_;  // before the greeting, after which the next one may come
    peer.send("220 mx.example.com ESMTP\r\n");
    serve_smtp(peer, capabilities, number);
  };
}

void ProxyTest::serve_smtp(Peer& peer, const std::string& capabilities, std::size_t number) {
  Seen seen{.number = number};
  bool chunked = false;
  for (;;) {
    const std::string line = peer.line();
    if (line == "<closed>") break;
    if (line.starts_with("EHLO")) {
      seen.ehlo = line;
      peer.send("250-mx.example.com\r\n" + capabilities);
    } else if (line == "STARTTLS") {
      peer.send("220 2.0.0 Ready\r\n");
      if (!peer.start_tls()) break;
    } else if (line.starts_with("AUTH TECS-1")) {
      if (line == "AUTH TECS-1") peer.send("334 \r\n");
      seen.credential = line == "AUTH TECS-1" ? peer.line() : line.substr(12);
      seen.verification = verify(seen.credential, peer);
      peer.send(seen.verification.result == Result::pass ? "235 2.7.0 Ok\r\n" : "535 5.7.8 No\r\n");
    } else if (line == "DATA") {
      peer.send("354 Go ahead\r\n");
      auto message = receive_message(peer);
      if (!message) break;
      seen.messages.push_back(std::move(*message));
      peer.send("250 2.0.0 Taken\r\n");
    } else if (line.starts_with("BDAT ")) {
      const BdatSize chunk = size_of_chunk(line);
      if (!std::exchange(chunked, !chunk.last)) seen.messages.emplace_back();
      seen.messages.back() += peer.octets(chunk.octets);
      peer.send("250 2.0.0 Taken\r\n");
    } else if (line == "QUIT") {
      seen.quit = true;
      peer.send("221 2.0.0 Bye\r\n");
      break;
    } else {
      if (line.starts_with("MAIL ")) seen.senders.push_back(line.substr(5));
      peer.send("250 2.0.0 Ok\r\n");
    }
  }
  const std::scoped_lock lock(mutex_);
  seen_.push_back(std::move(seen));
}

}  // namespace tecs::test
