#include "tecs/key_source.hpp"

#include <gtest/gtest.h>

namespace tecs {
namespace {

// Says the same of every name.
class OneAnswer final : public TxtSource {
 public:
  explicit OneAnswer(Expected<TxtAnswer> answer) : answer_(std::move(answer)) {}
  Expected<TxtAnswer> lookup(const std::string& name) override {
    asked = name;
    return answer_;
  }

  std::string asked;

 private:
  Expected<TxtAnswer> answer_;
};

TEST(TxtKeySource, PassesOnWhatIsKnownOfTheAnswer) {
  for (const bool dnssec : {false, true}) {
    OneAnswer source(TxtAnswer{{"v=spf1 -all", "p="}, std::chrono::seconds{77}, dnssec});
    const KeyLookup lookup = TxtKeySource(source, {}).lookup("_domainkey.example.org");
    EXPECT_EQ(source.asked, "_domainkey.example.org");
    ASSERT_TRUE(lookup.record);
    EXPECT_NE(*lookup.record, nullptr);
    EXPECT_EQ(lookup.ttl, std::chrono::seconds{77});
    EXPECT_EQ(lookup.dnssec, dnssec);
  }
}

TEST(TxtKeySource, AFailureIsNotAbsence) {
  for (const Reason reason : {Reason::dns_timeout, Reason::dns_error}) {
    OneAnswer source(failure(reason, "no answer"));
    const KeyLookup lookup = TxtKeySource(source, {}).lookup("_domainkey.example.org");
    ASSERT_FALSE(lookup.record);
    EXPECT_EQ(lookup.record.error().reason, reason);
    EXPECT_FALSE(lookup.dnssec);
  }
}

TEST(TxtKeySource, HoldsKeysToItsLimits) {
  const auto key = SigningKey::generate(KeyType::rsa, 1025).value();
  OneAnswer source(TxtAnswer{{format_key_record(key)}, {}, false});
  EXPECT_TRUE(TxtKeySource(source, KeyLimits{.maximum_rsa_bits = 1025}).lookup("a").record);
  EXPECT_EQ(TxtKeySource(source, KeyLimits{.maximum_rsa_bits = 1024}).lookup("a").record.error().reason,
            Reason::key_too_large);
}

}  // namespace
}  // namespace tecs
