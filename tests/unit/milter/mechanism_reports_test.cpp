// What an AUTH leaves behind beside its result: a verdict of its own, and a line for the administrator.
#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <string>

#include "milter/mechanism.hpp"
#include "unit/milter/mechanism_fixture.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;
using test::endpoint;
using test::MechanismTest;

constexpr const char* client = "198.51.100.7:1001";
constexpr const char* malformed = "ZD14";                         // d=x
constexpr const char* none = "ZD1ub25lLmV4YW1wbGU7IGI9QUFBQQ==";  // d=none.example; b=AAAA: two names

class MechanismReports : public MechanismTest {
 protected:
  [[nodiscard]] int said(const std::string& sentence) const {
    int found = 0;
    for (std::size_t at = 0; (at = log_text.str().find(sentence, at)) != std::string::npos; ++at) ++found;
    return found;
  }
  // With parts of its own beside those that all have.
  [[nodiscard]] Mechanism make(LimitedKeySource::WouldAsk would_ask,
                               Mechanism::ReputationSource reputation_source) {
    return Mechanism({.registry = registry,
                      .keys = keys,
                      .rules = rules,
                      .clock = clock,
                      .log = log,
                      .unattributed = [this](Verdict verdict) { unattributed.push_back(std::move(verdict)); },
                      .receiver = "mx.example.net",
                      .would_ask = std::move(would_ask),
                      .reputation = std::move(reputation_source)});
  }
};

TEST_F(MechanismReports, AVerdictOfItsOwnSaysWhenItCameAndWhatTookHowLong) {
  const auto arrived = clock.now();
  const auto reached = [this](const std::string&) { return clock.advance(500us), true; };
  auto slow = make(reached, [this](const Domain&) { return clock.advance(1ms), ReputationAnswer{}; });
  EXPECT_EQ(slow.authenticate(from_plugin(client), signed_by(jgc, client)).result, Result::pass);
  ASSERT_EQ(unattributed.size(), 1U);
  const Verdict& verdict = unattributed[0];
  EXPECT_EQ(verdict.time, std::chrono::floor<std::chrono::milliseconds>(arrived) + 3ms) << "when it was done";
  EXPECT_EQ(verdict.dns_time, 3ms) << "of the key and the reputation";
  EXPECT_EQ(verdict.verification_time, 500us);
  EXPECT_EQ(verdict.duration, 3500us);
}

TEST_F(MechanismReports, WithoutAReputationServiceNobodyIsAsked) {
  auto alone = make({}, {});
  const SessionId session = open(client);
  EXPECT_EQ(alone.authenticate(from_postfix(), signed_by(jgc, client)).result, Result::pass);
  EXPECT_EQ(result_of_session(session), Result::pass);
  EXPECT_FALSE(registry.authentication(session)->reputation);
}

// What belongs to a pass goes with it: the offset of its epoch, which of the connections it was, and the
// reputation.
TEST_F(MechanismReports, AReplayKeepsNothingOfAPass) {
  const std::string response = signed_by(jgc, client);
  const SessionId first = open(client, 11);
  const auto passed = mechanism.authenticate(from_postfix(11), response);
  EXPECT_TRUE(passed.epoch_offset && passed.candidate);
  registry.close(first);
  std::ignore = open(client, 12);
  const auto replayed = mechanism.authenticate(from_postfix(12), response);
  EXPECT_EQ(reason(replayed), "replay");
  EXPECT_FALSE(replayed.epoch_offset);
  EXPECT_FALSE(replayed.candidate);
  EXPECT_EQ(replayed.domain->text(), "jgc.org") << "what was known of the credential stays";
}

TEST_F(MechanismReports, APassThatCameTooLateKeepsNothingOfIt) {
  reputation = [](const Domain& domain) { return ReputationAnswer{Reputation::good, "list", domain.text()}; };
  const SessionId session = open(client);
  keys.meanwhile = [&] { registry.close(session); };
  EXPECT_EQ(mechanism.authenticate(from_postfix(), signed_by(jgc, client)).result, Result::temperror);
  ASSERT_EQ(unattributed.size(), 1U);
  EXPECT_EQ(unattributed[0].domain, "jgc.org");
  EXPECT_EQ(unattributed[0].reputation, "");
  EXPECT_FALSE(unattributed[0].epoch_offset);
}

// Its client has passed meanwhile, so this one is nobody's; what it met is the administrator's all the same.
TEST_F(MechanismReports, ALimitThatWasReachedBesideAPassIsSaid) {
  set_rules({.limits = {.lookups = {.per_minute = 1, .under_way = 100}}});
  keys.cached.insert("_domainkey.jgc.org");
  const SessionId session = open(client);
  keys.meanwhile = [this] {
    keys.meanwhile = nullptr;
    EXPECT_EQ(mechanism.authenticate(from_postfix(), signed_by(jgc, client)).result, Result::pass);
  };
  EXPECT_EQ(reason(mechanism.authenticate(from_postfix(), none)), "too-many-lookups");
  EXPECT_EQ(result_of_session(session), Result::pass);
  EXPECT_EQ(unattributed.size(), 1U);
  EXPECT_EQ(said("was put off: too-many-lookups"), 1);
}

// Strangers can bring each of them about.
TEST_F(MechanismReports, WhatOnlyTheAdministratorCanMendIsSaidAtOnceAndThenOnceAMinute) {
  set_rules({.limits = {.attempts = 1}});
  std::ignore = open(client);
  std::ignore = mechanism.authenticate(from_postfix(), malformed);  // the only attempt
  registry.set_maximum(1);
  EXPECT_FALSE(registry.open({endpoint("198.51.100.8:1001"), endpoint("192.0.2.25:25"), {}}));
  const SessionQuery refused_here{
      *IpAddress::parse("198.51.100.8"), {}, *IpAddress::parse("192.0.2.25"), {}, {}};
  const struct {
    const char* sentence;
    SessionQuery origin;
    const char* reason;
  } rows[] = {
      {"has used up its attempts", from_plugin(client), "too-many-attempts"},
      {"was put off: too-many-sessions", refused_here, "too-many-sessions"},
  };
  for (const auto& row : rows) {
    for (int minutes = 1; minutes <= 2; ++minutes) {
      for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(reason(mechanism.authenticate(row.origin, signed_by(jgc, client))), row.reason);
        EXPECT_EQ(said(row.sentence), minutes) << row.sentence;
      }
      clock.advance(61s);
    }
  }
}

}  // namespace
}  // namespace tecs
