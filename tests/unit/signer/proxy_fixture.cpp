#include "unit/signer/proxy_fixture.hpp"

#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>

#include <csignal>
#include <utility>

#include "tecs/base64.hpp"
#include "tecs/key_source.hpp"
#include "tecs/signed_octets.hpp"
#include "tecs/verifier.hpp"

namespace tecs::test {
namespace {

// The key stands wherever it is looked for.
class OneKey final : public TxtSource {
 public:
  explicit OneKey(const SigningKey& key)
      : text_("k=" + std::string(format(key.type())) + "; p=" + encode_base64(key.public_octets())) {}
  [[nodiscard]] Expected<TxtAnswer> lookup(const std::string&) override {
    return TxtAnswer{.texts = {text_}};
  }

 private:
  std::string text_;
};

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

void ProxyTest::SetUpTestSuite() {
  std::signal(SIGPIPE, SIG_IGN);
}

void ProxyTest::start(const UpstreamAddress& upstream) {
  settings_.relay.upstream = upstream;
  log_ = std::make_shared<LogLines>();
  Signer signer(*Domain::parse("example.org"), *Selector::parse("s1"), key_);
  auto proxy = Proxy::make(
      settings_, std::move(signer),
      {.clock = clock_, .lookup = lookup_, .log = std::make_shared<spdlog::logger>("test", log_)});
  ASSERT_TRUE(proxy) << proxy.error().sentence;
  proxy_ = std::move(*proxy);
  loop_ = std::jthread([this] { proxy_->run(); });
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
  return seen_;
}

Verification ProxyTest::verify(const std::string& credential, const Peer& peer) const {
  OneKey record(key_);
  TxtKeySource keys(record, {});
  const ConnectionTuple tuple = *ConnectionTuple::make(peer.here(), peer.there());
  const Verifier verifier({.epoch_tolerance = 0});
  return verifier.verify(Credential::parse_base64(credential), std::span(&tuple, 1),
                         std::chrono::floor<std::chrono::seconds>(clock_.now()), keys);
}

ScriptedServer::Script ProxyTest::smtp(const std::string& capabilities) {
  return [this, capabilities](Peer& peer) {
    peer.send("220 mx.example.com ESMTP\r\n");
    serve_smtp(peer, capabilities);
  };
}

void ProxyTest::serve_smtp(Peer& peer, const std::string& capabilities) {
  Seen seen;
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
    } else if (line == "QUIT") {
      peer.send("221 2.0.0 Bye\r\n");
      break;
    } else {
      peer.send("250 2.0.0 Ok\r\n");
    }
  }
  const std::scoped_lock lock(mutex_);
  seen_.push_back(std::move(seen));
}

}  // namespace tecs::test
