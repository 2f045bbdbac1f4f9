// What an exchange is besides a verification: the challenge, replay, limits, reputation, and connections that
// the milter does not know or the world knows otherwise.
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "milter/mechanism.hpp"
#include "tecs/challenge.hpp"
#include "unit/milter/mechanism_fixture.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;
using test::endpoint;
using test::MechanismTest;

constexpr const char* client = "198.51.100.7:1001";
constexpr const char* malformed = "ZD14";  // d=x

PublicAddresses public_addresses(std::vector<const char*> pairs) {
  std::vector<PublicAddress> parsed;
  for (const char* const pair : pairs) parsed.push_back(*PublicAddress::parse(pair));
  return *PublicAddresses::make(std::move(parsed));
}

TEST_F(MechanismTest, ChallengeTellsTheClientItsEndWhenThatIsSure) {
  const std::string of_client = Challenge{endpoint(client), std::chrono::sys_seconds{1170806410s}}.format();
  EXPECT_EQ(mechanism.challenge(from_postfix()), "") << "no connection is known";
  EXPECT_EQ(mechanism.challenge({}), "");
  EXPECT_EQ(mechanism.challenge(from_plugin(client)), of_client) << "the MTA says the port itself";
  const SessionId first = open(client, 11);
  EXPECT_EQ(mechanism.challenge(from_postfix()), of_client);
  std::ignore = open("198.51.100.7:1002", 12);
  EXPECT_EQ(mechanism.challenge(from_postfix()), "") << "it may be either";
  EXPECT_EQ(mechanism.challenge(from_postfix(11)), of_client) << "the process tells";
  EXPECT_EQ(mechanism.authenticate(from_postfix(11), signed_by(jgc, client)).result, Result::pass);
  EXPECT_EQ(mechanism.challenge(from_postfix()), "") << "who has passed may be asking again";
  registry.close(first);
  EXPECT_NE(mechanism.challenge(from_postfix()), "");
}

TEST_F(MechanismTest, ConnectionThatTheMilterDoesNotKnowIsVerifiedWhenBothEndsAreNamed) {
  const auto verification = mechanism.authenticate(from_plugin(client), signed_by(jgc, client));
  EXPECT_EQ(verification.result, Result::pass) << verification.detail();
  ASSERT_EQ(unattributed.size(), 1U);
  EXPECT_EQ(unattributed[0].result, Result::pass);
  EXPECT_EQ(unattributed[0].domain, "jgc.org");
  EXPECT_EQ(unattributed[0].client, client);
  EXPECT_EQ(unattributed[0].server, "192.0.2.25:25");
  EXPECT_EQ(unattributed[0].epoch, Epoch::nearest(std::chrono::sys_seconds{1170806410s}).time());
  EXPECT_EQ(mechanism.authenticate(from_plugin("198.51.100.7:1002"), signed_by(jgc, client)).result,
            Result::fail);
  EXPECT_EQ(unattributed.back().client, "198.51.100.7:1002");
}

TEST_F(MechanismTest, ConnectionWithPartOfItsEndsNamedIsNot) {
  SessionQuery no_client_port = from_plugin(client);
  no_client_port.client_port.reset();
  SessionQuery port_0 = from_plugin(client);
  port_0.server_port = 0;
  SessionQuery two_families = from_plugin(client);
  two_families.server = *IpAddress::parse("2001:db8::25");
  for (const SessionQuery& origin : {no_client_port, port_0, two_families}) {
    EXPECT_EQ(reason(mechanism.authenticate(origin, signed_by(jgc, client))), "unknown-connection");
  }
}

TEST_F(MechanismTest, SessionThatTheMilterKnowsIsFoundByItsPortAndMarkedWithAllThatIsKnown) {
  reputation = [this](const Domain& domain) {
    clock.advance(500us);
    return ReputationAnswer{Reputation::good, "dns:rep.example", domain.text()};
  };
  const SessionId session = open(client);
  std::ignore = open("198.51.100.7:1002");
  const std::string response = signed_by(jgc, client);
  clock.advance(30s);
  EXPECT_EQ(mechanism.authenticate(from_plugin(client), response).result, Result::pass);
  EXPECT_TRUE(unattributed.empty());
  const auto marked = registry.authentication(session);
  ASSERT_TRUE(marked);
  EXPECT_EQ(marked->tuple->destination(), endpoint("192.0.2.25:25"));
  EXPECT_EQ(marked->tuple->source(), endpoint(client));
  EXPECT_EQ(marked->epoch, Epoch::nearest(std::chrono::sys_seconds{1170806440s}));
  EXPECT_EQ(marked->verification.epoch_offset, -30s);
  EXPECT_EQ(marked->reputation->reputation, Reputation::good);
  EXPECT_EQ(marked->reputation->domain, "jgc.org");
  EXPECT_EQ(marked->dns_time, 2500us);
}

TEST_F(MechanismTest, ReputationIsAskedAfterAPassOnly) {
  int asked = 0;
  reputation = [&asked](const Domain&) { return ++asked, ReputationAnswer{}; };
  const SessionId session = open(client);
  std::ignore = mechanism.authenticate(from_postfix(), signed_by(jgc, "198.51.100.7:9999"));
  std::ignore = mechanism.authenticate(from_postfix(), malformed);
  EXPECT_EQ(asked, 0);
  EXPECT_FALSE(registry.authentication(session)->reputation);
  std::ignore = mechanism.authenticate(from_postfix(), signed_by(jgc, client));
  EXPECT_EQ(asked, 1);
  EXPECT_TRUE(registry.authentication(session)->reputation);
}

TEST_F(MechanismTest, TheServersEndIsTheOneThatWasSigned) {
  set_rules({.public_addresses = public_addresses(
                 {"192.0.2.25=203.0.113.25", "192.0.2.25:25=203.0.113.26:2525", "192.0.2.99=203.0.113.99"}),
             .limits = {.attempts = 10}});
  for (const auto& [signed_server, result] : {std::pair{"203.0.113.25:25", Result::pass},
                                              {"203.0.113.26:2525", Result::pass},
                                              {"192.0.2.25:25", Result::pass},
                                              {"203.0.113.99:25", Result::fail}}) {
    for (const bool known : {true, false}) {
      clock.advance(30s);
      const std::optional<SessionId> session = known ? std::optional(open(client)) : std::nullopt;
      const auto verification =
          mechanism.authenticate(from_plugin(client), signed_by(jgc, client, signed_server));
      EXPECT_EQ(verification.result, result) << signed_server;
      Verdict verdict;
      if (session) describe(*registry.close(*session), verdict);
      const std::string server = known ? verdict.server : unattributed.back().server;
      const std::string otherwise = known ? "" : "192.0.2.25:25";  // nothing says which it was
      EXPECT_EQ(server, result == Result::pass ? signed_server : otherwise);
    }
  }
}

TEST_F(MechanismTest, TheSameCredentialAgainFromTheSameSessionIsNoReplay) {
  const SessionId session = open(client, 11);
  const std::string response = signed_by(jgc, client);
  EXPECT_EQ(mechanism.authenticate(from_postfix(11), response).result, Result::pass);
  EXPECT_EQ(mechanism.authenticate(from_postfix(11), response).result, Result::pass);  // after STARTTLS
  EXPECT_EQ(result_of_session(session), Result::pass);
  EXPECT_TRUE(unattributed.empty());
}

TEST_F(MechanismTest, TheSameCredentialAgainFromAnotherSessionIsAReplay) {
  const SessionId first = open(client, 11);
  const std::string response = signed_by(jgc, client);
  EXPECT_EQ(mechanism.authenticate(from_postfix(11), response).result, Result::pass);
  registry.close(first);
  const SessionId second = open(client, 12);  // the same end points, and still the same epoch
  const auto verification = mechanism.authenticate(from_postfix(12), response);
  EXPECT_EQ(verification.result, Result::fail);
  EXPECT_EQ(reason(verification), "replay");
  const auto marked = registry.authentication(second);
  ASSERT_TRUE(marked) << "it is known which session it was";
  EXPECT_EQ(marked->verification.error->reason, Reason::replay);
  EXPECT_FALSE(marked->reputation);
  EXPECT_EQ(mechanism.authenticate(from_postfix(12), signed_by(other, client)).result, Result::pass)
      << "another domain's signature is another";
}

TEST_F(MechanismTest, WithoutTheMilterAnotherConnectionToTheDoorIsAnotherSession) {
  const std::string response = signed_by(jgc, client);
  EXPECT_EQ(mechanism.authenticate(from_plugin(client, "192.0.2.25:25", 1), response).result, Result::pass);
  EXPECT_EQ(mechanism.authenticate(from_plugin(client, "192.0.2.25:25", 1), response).result, Result::pass);
  EXPECT_EQ(reason(mechanism.authenticate(from_plugin(client, "192.0.2.25:25", 2), response)), "replay");
}

TEST_F(MechanismTest, FullReplayMemoryRefusesForNow) {
  set_rules({.limits = {.replays = 1}});
  std::ignore = open("198.51.100.7:1001");
  std::ignore = open("198.51.100.7:1002");
  EXPECT_EQ(mechanism.authenticate(from_postfix(), signed_by(jgc, "198.51.100.7:1001")).result, Result::pass);
  const auto verification = mechanism.authenticate(from_postfix(), signed_by(jgc, "198.51.100.7:1002"));
  EXPECT_EQ(verification.result, Result::temperror);
  EXPECT_EQ(reason(verification), "replay-unknown");
  EXPECT_NE(log_text.str().find("replay-unknown"), std::string::npos);
  EXPECT_EQ(mechanism.statistics().signatures_remembered, 1U);
}

TEST_F(MechanismTest, ASessionThatSignsAgainAfterStarttlsIsWhatItSignedLast) {
  const SessionId session = open(client, 11);
  EXPECT_EQ(mechanism.authenticate(from_postfix(11), signed_by(jgc, client)).result, Result::pass);
  EXPECT_EQ(mechanism.authenticate(from_postfix(11), signed_by(other, client)).result, Result::pass);
  EXPECT_EQ(registry.authentication(session)->verification.domain->text(), "other.example");
  EXPECT_EQ(mechanism.authenticate(from_postfix(11), malformed).result, Result::permerror);
  EXPECT_EQ(result_of_session(session), Result::permerror) << "the MTA takes it for not authenticated";
}

TEST_F(MechanismTest, AttemptsOfASessionAreCounted) {
  const SessionId session = open(client);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(mechanism.authenticate(from_postfix(), signed_by(jgc, "198.51.100.7:9999")).result,
              Result::fail);
  }
  const auto refused = mechanism.authenticate(from_postfix(), signed_by(jgc, client));
  EXPECT_EQ(refused.result, Result::policy);
  EXPECT_EQ(reason(refused), "too-many-attempts");
  EXPECT_FALSE(refused.domain) << "what it sent was not looked at";
  EXPECT_EQ(result_of_session(session), Result::fail) << "one more attempt does not make it better";
  EXPECT_TRUE(unattributed.empty());
  std::ignore = open("198.51.100.8:1001");
  EXPECT_EQ(
      mechanism.authenticate(from_plugin("198.51.100.8:1001"), signed_by(jgc, "198.51.100.8:1001")).result,
      Result::pass)
      << "others are not hurt";
}

TEST_F(MechanismTest, AttemptsOfAConnectionThatTheMilterDoesNotKnowAreCounted) {
  for (std::uint32_t i = 0; i < 3; ++i) {
    EXPECT_EQ(reason(mechanism.authenticate(from_plugin(client, "192.0.2.25:25", i), malformed)),
              "bad-domain");
  }
  EXPECT_EQ(reason(mechanism.authenticate(from_plugin(client), signed_by(jgc, client))), "too-many-attempts");
  EXPECT_EQ(reason(mechanism.authenticate(from_plugin(client), signed_by(jgc, client))), "too-many-attempts");
  EXPECT_EQ(unattributed.size(), 3U) << "no more rows than attempts";
  const std::string sentence = "from 198.51.100.7 were refused";
  const auto said = log_text.str().find(sentence);
  ASSERT_NE(said, std::string::npos) << "but the administrator can see it";
  EXPECT_EQ(log_text.str().find(sentence, said + 1), std::string::npos) << "once a minute";
  EXPECT_EQ(
      mechanism.authenticate(from_plugin("198.51.100.7:1002"), signed_by(jgc, "198.51.100.7:1002")).result,
      Result::pass);
}

TEST_F(MechanismTest, APortThatIsUsedAgainIsAnotherConnectionBeforeLong) {
  for (std::uint32_t i = 0; i < 20; ++i) {
    EXPECT_EQ(mechanism.authenticate(from_plugin(client, "192.0.2.25:25", i), signed_by(jgc, client)).result,
              Result::pass);
    clock.advance(1min);  // as soon as Linux gives a port to another connection to the same server
  }
}

TEST_F(MechanismTest, AttemptsThatMayBeOfSeveralSessionsCountAgainstNone) {
  std::ignore = open("198.51.100.7:1001");
  std::ignore = open("198.51.100.7:1002");
  for (int i = 0; i < 20; ++i) std::ignore = mechanism.authenticate(from_postfix(), malformed);
  EXPECT_EQ(mechanism.authenticate(from_postfix(), signed_by(jgc, client)).result, Result::pass);
}

TEST_F(MechanismTest, LookUpsOfANetworkAreLimitedAndWhatIsCachedIsNot) {
  set_rules({.limits = {.attempts = 100, .lookups = {.per_minute = 2, .under_way = 100}}});
  keys.cached.insert("_domainkey.jgc.org");
  const SessionId session = open(client);
  const std::string none = "ZD1ub25lLmV4YW1wbGU7IGI9QUFBQQ==";  // d=none.example; b=AAAA: two names
  EXPECT_EQ(reason(mechanism.authenticate(from_postfix(), none)), "no-key");
  const auto refused = mechanism.authenticate(from_postfix(), none);
  EXPECT_EQ(refused.result, Result::temperror);
  EXPECT_EQ(reason(refused), "too-many-lookups");
  EXPECT_NE(log_text.str().find("too-many-lookups"), std::string::npos);
  EXPECT_EQ(mechanism.statistics().lookups_under_way, 0U);
  EXPECT_EQ(mechanism.authenticate(from_plugin("198.51.100.99:7"), none).result, Result::temperror)
      << "a neighbour's allowance is the same";
  EXPECT_EQ(reason(mechanism.authenticate(from_plugin("198.51.101.7:7"), none)), "no-key");
  EXPECT_EQ(mechanism.authenticate(from_postfix(), signed_by(jgc, client)).result, Result::pass);
  EXPECT_EQ(result_of_session(session), Result::pass);
  clock.advance(60s);
  EXPECT_EQ(reason(mechanism.authenticate(from_plugin("198.51.100.99:8"), none)), "no-key");
}

TEST_F(MechanismTest, LookUpsUnderWayAreLimited) {
  set_rules({.limits = {.lookups = {.per_minute = 100, .under_way = 1}}});
  Verification meanwhile;
  keys.meanwhile = [&] {
    keys.meanwhile = nullptr;
    meanwhile = mechanism.authenticate(from_plugin("203.0.113.1:1"), signed_by(other, "203.0.113.1:1"));
  };
  EXPECT_EQ(mechanism.authenticate(from_plugin(client), signed_by(jgc, client)).result, Result::pass);
  EXPECT_EQ(reason(meanwhile), "too-many-lookups");
}

TEST_F(MechanismTest, FullRegistryIsSaidAsWhatItIs) {
  registry.set_maximum(0);
  EXPECT_FALSE(registry.open({endpoint(client), endpoint("192.0.2.25:25"), {}}));
  const auto verification = mechanism.authenticate(from_postfix(), signed_by(jgc, client));
  EXPECT_EQ(verification.result, Result::temperror);
  EXPECT_EQ(reason(verification), "too-many-sessions");
  EXPECT_EQ(log_text.str().find("smtpd_milters"), std::string::npos);
}

TEST_F(MechanismTest, RulesAreThoseOfTheMomentOfTheRequest) {
  std::ignore = open(client);
  keys.meanwhile = [this] { set_rules({.verifier = {.require_dnssec = true}}); };
  EXPECT_EQ(mechanism.authenticate(from_plugin(client), signed_by(jgc, client)).result, Result::pass);
  EXPECT_EQ(mechanism.authenticate(from_plugin(client), signed_by(jgc, client)).result, Result::policy);
}

}  // namespace
}  // namespace tecs
