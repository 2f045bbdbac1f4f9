// What makes a record usable is in tests/cases/verify; here stand the names, the bounds and the written form.
#include "tecs/key_record.hpp"

#include <gtest/gtest.h>

#include "tecs/base64.hpp"

namespace tecs {
namespace {

Domain domain(std::string_view text) {
  return Domain::parse(text).value();
}

TEST(KeyNames, FollowTheTableOfTheProtocol) {
  EXPECT_EQ(key_names(domain("example.org"), {}),
            (std::vector<std::string>{"_domainkey.example.org", "_tecs.example.org"}));
  EXPECT_EQ(key_names(domain("example.org"), Selector::parse("sel").value()),
            std::vector<std::string>{"sel._domainkey.example.org"});
}

TEST(KeyRecord, WrittenRecordsAreRead) {
  for (const KeyType type : {KeyType::rsa, KeyType::ed25519}) {
    const auto key = SigningKey::generate(type, 1024);
    ASSERT_TRUE(key);
    const auto record = KeyRecord::parse(format_key_record(*key));
    ASSERT_TRUE(record) << record.error().sentence;
    EXPECT_EQ(record->type, type);
    EXPECT_EQ(record->key->bits(), key->bits());
    EXPECT_FALSE(record->testing);
  }
}

// The length of p= is checked before a digit of it is decoded: this text is not even base64.
TEST(KeyRecord, TooLongTextIsNotDecoded) {
  const auto record = KeyRecord::parse("p=" + std::string(3000, '*'));
  EXPECT_EQ(record.error().reason, Reason::key_too_large);
}

TEST(KeyRecord, SixteenKibibytesIsTheLimit) {
  const std::string key = "p=; x=";
  EXPECT_TRUE(select_key_record({key + std::string(KeyRecord::maximum_octets - key.size(), 'y')}));
  EXPECT_EQ(
      select_key_record({key + std::string(KeyRecord::maximum_octets - key.size() + 1, 'y')}).error().reason,
      Reason::key_too_large);
}

TEST(SelectKeyRecord, NothingThereIsNotAnError) {
  for (const std::vector<std::string>& texts :
       {std::vector<std::string>{}, {"o=~"}, {"v=spf1 -all", "", "\xFF"}, {"v=DKIM1; k=rsa"}}) {
    const auto record = select_key_record(texts);
    ASSERT_TRUE(record);
    EXPECT_EQ(*record, nullptr);
  }
}

TEST(PublicKey, LimitIsConfigurable) {
  const auto key = SigningKey::generate(KeyType::rsa, 2048).value();
  const std::string text = format_key_record(key);
  EXPECT_EQ(KeyRecord::parse(text, KeyLimits{.maximum_rsa_bits = 1024}).error().reason,
            Reason::key_too_large);
  EXPECT_TRUE(KeyRecord::parse(text, KeyLimits{.maximum_rsa_bits = 2048}));
}

}  // namespace
}  // namespace tecs
