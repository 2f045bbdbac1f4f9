// A mechanism with a registry, two domains that have keys, and a clock that the test moves.
#pragma once

#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "milter/mechanism.hpp"
#include "tecs/base64.hpp"
#include "tecs/signer.hpp"
#include "unit/hand_clock.hpp"

namespace tecs::test {

inline Endpoint endpoint(const char* text) {
  return *Endpoint::parse(text);
}

// Keys by name. A lookup takes some time of the clock, and can do something meanwhile.
class Keys final : public KeySource {
 public:
  explicit Keys(HandClock& clock) : clock_(clock) {}

  [[nodiscard]] KeyLookup lookup(const std::string& name) override {
    clock_.advance(std::chrono::milliseconds(2));
    if (meanwhile) meanwhile();
    if (name.ends_with("down.example"))
      return {failure(Reason::dns_timeout, "no answer"), std::chrono::seconds(0), false};
    const auto found = records.find(name);
    return {found == records.end() ? nullptr : found->second, std::chrono::seconds(60), false};
  }

  std::map<std::string, std::shared_ptr<const KeyRecord>> records;
  std::function<void()> meanwhile;
  std::set<std::string> cached;  // names that cost no question

 private:
  HandClock& clock_;
};

class MechanismTest : public testing::Test {
 protected:
  MechanismTest() {
    for (const Signer* const signer : {&jgc, &other}) {
      const auto key = SigningKey::from_pem(signer == &jgc ? jgc_pem : other_pem);
      auto record = KeyRecord::parse(format_key_record(*key));
      keys.records["_domainkey." + signer->domain().text()] = std::make_shared<const KeyRecord>(*record);
    }
  }

  SessionId open(const char* client, std::optional<std::uint32_t> process = {}) {
    return registry.open({endpoint(client), endpoint("192.0.2.25:25"), process}).value();
  }
  // The response of a client that sees the connection so.
  std::string signed_by(const Signer& signer, const char* client,
                        const char* server = "192.0.2.25:25") const {
    const auto tuple = ConnectionTuple::make(endpoint(server), endpoint(client));
    const auto now = std::chrono::floor<std::chrono::seconds>(clock.now());
    return encode_base64(octets_of(signer.sign(*tuple, Epoch::nearest(now))->format()));
  }
  static SessionQuery from_postfix(std::optional<std::uint32_t> process = {}) {
    return {*IpAddress::parse("198.51.100.7"), {}, *IpAddress::parse("192.0.2.25"), {}, process};
  }
  // A Cyrus plugin names both ends in full.
  static SessionQuery from_plugin(const char* client, const char* server = "192.0.2.25:25",
                                  std::uint32_t door_connection = 1) {
    const Endpoint source = endpoint(client);
    const Endpoint destination = endpoint(server);
    return {source.address(),   source.port(), destination.address(),
            destination.port(), 4711,          door_connection};
  }
  void set_rules(ExchangeRules rules_now) {
    rules.set(std::make_shared<const ExchangeRules>(std::move(rules_now)));
  }
  Result result_of_session(SessionId session) const {
    const auto found = registry.authentication(session);
    return found ? found->verification.result : Result::none;
  }
  std::string reason(const Verification& verification) const {
    return verification.error ? std::string(word(verification.error->reason)) : "";
  }

  const std::string jgc_pem = SigningKey::generate(KeyType::ed25519, 0)->to_pem();
  const std::string other_pem = SigningKey::generate(KeyType::ed25519, 0)->to_pem();
  const Signer jgc{*Domain::parse("jgc.org"), std::nullopt, *SigningKey::from_pem(jgc_pem)};
  const Signer other{*Domain::parse("other.example"), std::nullopt, *SigningKey::from_pem(other_pem)};
  HandClock clock;
  Keys keys{clock};
  SessionRegistry registry;
  std::vector<Verdict> unattributed;
  std::ostringstream log_text;
  std::shared_ptr<spdlog::logger> log =
      std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::ostream_sink_mt>(log_text));
  Current<ExchangeRules> rules{std::make_shared<const ExchangeRules>()};
  std::function<ReputationAnswer(const Domain&)> reputation;
  Mechanism mechanism{Mechanism::Parts{
      registry, keys, rules, clock, log,
      [this](Verdict verdict) { unattributed.push_back(std::move(verdict)); }, "mx.example.net",
      [this](const std::string& name) { return !keys.cached.contains(name); },
      [this](const Domain& domain) { return reputation ? reputation(domain) : ReputationAnswer{}; }}};
};

}  // namespace tecs::test
