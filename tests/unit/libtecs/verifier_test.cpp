// The order of names, candidates and limits; single credentials are in tests/cases/verify.
#include "tecs/verifier.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "tecs/base64.hpp"
#include "tecs/signer.hpp"

namespace tecs {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::chrono::sys_seconds now{std::chrono::seconds{1170806400}};

ConnectionTuple from_port(int port) {
  return ConnectionTuple::make(Endpoint::parse("192.0.2.25:25").value(),
                               Endpoint::parse("198.51.100.7:" + std::to_string(port)).value())
      .value();
}

std::vector<ConnectionTuple> from_ports(int first, int count) {
  std::vector<ConnectionTuple> tuples;
  for (int port = first; port < first + count; ++port) tuples.push_back(from_port(port));
  return tuples;
}

// Answers from a table and writes down what it was asked.
class TableSource final : public KeySource {
 public:
  KeyLookup lookup(const std::string& name) override {
    asked.push_back(name);
    const auto found = answers.find(name);
    return found == answers.end() ? KeyLookup{std::shared_ptr<const KeyRecord>{}, {}, dnssec_for_absent}
                                  : found->second;
  }

  void publish(const std::string& name, const SigningKey& key, bool dnssec = false) {
    answers.insert_or_assign(name, KeyLookup{select_key_record({format_key_record(key)}), {}, dnssec});
  }

  std::map<std::string, KeyLookup> answers;
  std::vector<std::string> asked;
  bool dnssec_for_absent = false;
};

class Verifying : public testing::Test {
 protected:
  static Expected<Credential> sign(const SigningKey& key, const ConnectionTuple& tuple, int steps = 0) {
    return Signer(Domain::parse("example.org").value(), {}, key)
        .sign(tuple, Epoch::nearest(now).moved(steps));
  }

  [[nodiscard]] Verification verify(const Expected<Credential>& credential,
                                    const std::vector<ConnectionTuple>& candidates) {
    return Verifier(options).verify(credential, candidates, now, source);
  }

  const SigningKey rsa = SigningKey::generate(KeyType::rsa, 1024).value();
  const SigningKey ed25519 = SigningKey::generate(KeyType::ed25519, 0).value();
  TableSource source;
  VerifierOptions options;
};

TEST_F(Verifying, FindsTheConnectionAmongManyWithEitherAlgorithm) {
  for (const SigningKey& key : {rsa, ed25519}) {
    source.publish("_domainkey.example.org", key);
    const auto verification = verify(sign(key, from_port(1013), -1), from_ports(1000, 20));
    EXPECT_EQ(verification.result, Result::pass) << verification.detail();
    EXPECT_EQ(verification.candidate, 13U);
    EXPECT_EQ(verification.epoch_offset, std::chrono::seconds{-30});
  }
}

TEST_F(Verifying, TellsWhichKeyWasUsedWhateverCameOfIt) {
  source.publish("_domainkey.example.org", rsa);
  const std::string used = "k=rsa; p=" + encode_base64(rsa.public_octets());
  for (const int port : {1000, 2000}) {
    const auto verification = verify(sign(rsa, from_port(port)), {from_port(1000)});
    EXPECT_EQ(verification.result, port == 1000 ? Result::pass : Result::fail);
    ASSERT_NE(verification.key_record, nullptr);
    EXPECT_EQ(verification.key_record->format(), used);
  }
}

TEST_F(Verifying, TellsWhatTheCredentialNamesWhateverCameOfIt) {
  const Selector selector = Selector::parse("sel").value();
  const auto credential = Signer(Domain::parse("example.org").value(), selector, ed25519)
                              .sign(from_port(1000), Epoch::nearest(now));
  const auto expect_named = [&](const Verification& verification, Result result) {
    EXPECT_EQ(verification.result, result) << verification.detail();
    EXPECT_EQ(verification.domain, Domain::parse("example.org").value());
    EXPECT_EQ(verification.selector, selector);
    EXPECT_EQ(verification.algorithm, Algorithm::ed25519_sha256);
  };
  expect_named(verify(credential, {from_port(1000)}), Result::permerror);
  source.publish("sel._domainkey.example.org", ed25519, true);
  expect_named(verify(credential, {from_port(2000)}), Result::fail);
  const auto pass = verify(credential, {from_port(1000)});
  expect_named(pass, Result::pass);
  EXPECT_EQ(pass.key_bits, 256U);
  EXPECT_TRUE(pass.dnssec);
  EXPECT_FALSE(pass.error);
}

// It is signed without a sign, so there is none before.
TEST_F(Verifying, TheFirstEpochIsThatOf1970) {
  source.publish("_domainkey.example.org", rsa);
  constexpr std::chrono::sys_seconds begin{};
  const auto credential =
      Signer(Domain::parse("example.org").value(), {}, rsa).sign(from_port(1000), Epoch::nearest(begin));
  for (const std::chrono::seconds later : {std::chrono::seconds{0}, Epoch::step}) {
    EXPECT_EQ(
        Verifier(options).verify(credential, std::vector{from_port(1000)}, begin + later, source).result,
        Result::pass)
        << later.count();
  }
  const auto before = Signer(Domain::parse("example.org").value(), {}, rsa)
                          .sign(from_port(1000), Epoch::nearest(begin).moved(-1));
  EXPECT_EQ(Verifier(options).verify(before, std::vector{from_port(1000)}, begin, source).result,
            Result::fail);
}

TEST_F(Verifying, TellsOfNoKeyWhenThereIsNone) {
  const auto credential = sign(rsa, from_port(1000));
  EXPECT_EQ(verify(credential, {from_port(1000)}).key_record, nullptr);
  source.answers.insert_or_assign("_domainkey.example.org", KeyLookup{select_key_record({"p="}), {}, false});
  const auto revoked = verify(credential, {from_port(1000)});
  EXPECT_EQ(revoked.error->reason, Reason::key_revoked);
  EXPECT_EQ(revoked.key_record, nullptr);
}

TEST_F(Verifying, Ed25519ChecksAreBounded) {
  source.publish("_domainkey.example.org", ed25519);
  options.maximum_ed25519_checks = 10;
  EXPECT_EQ(verify(sign(ed25519, from_port(1009)), from_ports(1000, 20)).result, Result::pass);

  const auto beyond = verify(sign(ed25519, from_port(1010)), from_ports(1000, 20));
  EXPECT_EQ(beyond.result, Result::temperror);
  EXPECT_EQ(beyond.error->reason, Reason::too_many_candidates);

  options.maximum_ed25519_checks = 30;  // ends among the candidates of an earlier epoch
  EXPECT_EQ(verify(sign(ed25519, from_port(2000)), from_ports(1000, 20)).error->reason,
            Reason::too_many_candidates);
}

TEST_F(Verifying, Ed25519WithinTheBoundIsAPlainFail) {
  source.publish("_domainkey.example.org", ed25519);
  options.maximum_ed25519_checks = 60;
  EXPECT_EQ(verify(sign(ed25519, from_port(2000)), from_ports(1000, 20)).error->reason,
            Reason::signature_mismatch);
}

TEST_F(Verifying, ToleranceIsInSteps) {
  source.publish("_domainkey.example.org", rsa);
  for (const int tolerance : {0, 1, 3}) {
    options.epoch_tolerance = tolerance;
    for (int steps = -4; steps <= 4; ++steps) {
      const bool within = std::abs(steps) <= tolerance;
      EXPECT_EQ(verify(sign(rsa, from_port(1000), steps), {from_port(1000)}).result,
                within ? Result::pass : Result::fail)
          << "tolerance " << tolerance << ", steps " << steps;
    }
  }
}

TEST_F(Verifying, AsksTheSecondNameOnlyWhenNothingStandsAtTheFirst) {
  source.publish("_tecs.example.org", rsa);
  EXPECT_EQ(verify(sign(rsa, from_port(1000)), {from_port(1000)}).result, Result::pass);
  EXPECT_THAT(source.asked, ElementsAre("_domainkey.example.org", "_tecs.example.org"));
}

TEST_F(Verifying, AFailureAtTheFirstNameIsNotAbsence) {
  source.publish("_tecs.example.org", rsa);
  source.answers.insert_or_assign("_domainkey.example.org",
                                  KeyLookup{failure(Reason::dns_timeout, "no answer"), {}, false});
  const auto verification = verify(sign(rsa, from_port(1000)), {from_port(1000)});
  EXPECT_EQ(verification.result, Result::temperror);
  EXPECT_THAT(source.asked, ElementsAre("_domainkey.example.org"));
}

TEST_F(Verifying, MalformedCredentialAsksNothing) {
  EXPECT_EQ(verify(Credential::parse("junk"), {from_port(1000)}).result, Result::permerror);
  EXPECT_THAT(source.asked, IsEmpty());
}

TEST_F(Verifying, WithoutACandidateNothingIsAskedAndNothingIsSaidAboutTheSignature) {
  source.publish("_domainkey.example.org", rsa);
  const auto verification = verify(sign(rsa, from_port(1000)), {});
  EXPECT_EQ(verification.error->reason, Reason::unknown_connection);
  EXPECT_EQ(verification.domain->text(), "example.org");
  EXPECT_THAT(source.asked, IsEmpty());
}

TEST_F(Verifying, NamesTooLongForDnsAreNotAsked) {
  const std::string label(63, 'a');
  const std::string longest = label + "." + label + "." + label + "." + std::string(61, 'b');
  const auto credential = Credential::parse("d=" + longest + "; b=AAAA");
  EXPECT_EQ(verify(credential, {from_port(1000)}).error->reason, Reason::no_key);
  EXPECT_THAT(source.asked, IsEmpty());
}

TEST_F(Verifying, DnssecNeedsEveryAnswerValidated) {
  source.publish("_tecs.example.org", rsa, true);
  options.require_dnssec = true;
  EXPECT_EQ(verify(sign(rsa, from_port(1000)), {from_port(1000)}).error->reason, Reason::no_dnssec);
  source.dnssec_for_absent = true;
  const auto verification = verify(sign(rsa, from_port(1000)), {from_port(1000)});
  EXPECT_EQ(verification.result, Result::pass);
  EXPECT_TRUE(verification.dnssec);
}

TEST_F(Verifying, ADemandForDnssecDoesNotHideAWrongSignature) {
  source.publish("_domainkey.example.org", rsa);
  options.require_dnssec = true;
  EXPECT_EQ(verify(sign(rsa, from_port(1000)), {from_port(1001)}).error->reason, Reason::signature_mismatch);
}

TEST_F(Verifying, ShortKeysArePolicyAtTheConfiguredLength) {
  source.publish("_domainkey.example.org", rsa);
  options.minimum_rsa_bits = 2048;
  const auto verification = verify(sign(rsa, from_port(1000)), {from_port(1000)});
  EXPECT_EQ(verification.result, Result::policy);
  EXPECT_EQ(verification.error->reason, Reason::key_too_short);
  EXPECT_EQ(verification.key_bits, 1024U);
}

TEST_F(Verifying, AShortKeyDoesNotHideAWrongSignature) {
  source.publish("_domainkey.example.org", rsa);
  options.minimum_rsa_bits = 2048;
  EXPECT_EQ(verify(sign(rsa, from_port(1000)), {from_port(1001)}).error->reason, Reason::signature_mismatch);
}

}  // namespace
}  // namespace tecs
