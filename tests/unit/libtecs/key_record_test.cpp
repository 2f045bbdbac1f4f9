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

// A name in DNS has 253 octets at most, written with dots.
TEST(KeyNames, AreThoseThatDnsCanHold) {
  const std::string start =
      std::string(63, 'a') + "." + std::string(63, 'b') + "." + std::string(63, 'c') + ".";
  const auto of_length = [&](std::size_t octets) {
    return domain(start + std::string(octets - start.size() - 2, 'd') + ".e");
  };
  const std::string domainkey = "_domainkey.";
  const std::string tecs = "_tecs.";
  EXPECT_EQ(key_names(of_length(253 - domainkey.size()), {}).size(), 2U);
  const Domain longer = of_length(254 - domainkey.size());
  EXPECT_EQ(key_names(longer, {}), std::vector<std::string>{tecs + longer.text()});
  EXPECT_EQ(key_names(of_length(253 - tecs.size()), {}).size(), 1U);
  EXPECT_EQ(key_names(of_length(254 - tecs.size()), {}).size(), 0U);
  const Selector selector = Selector::parse("s").value();
  EXPECT_EQ(key_names(of_length(253 - 2 - domainkey.size()), selector).size(), 1U);
  EXPECT_EQ(key_names(of_length(254 - 2 - domainkey.size()), selector).size(), 0U);
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

// As evidence: the key that was published, however it was written, and nothing that only held for that day.
TEST(KeyRecord, IsWrittenWithTheKeyAsItWasPublished) {
  for (const KeyType type : {KeyType::rsa, KeyType::ed25519}) {
    const auto signing_key = SigningKey::generate(type, 1024).value();
    const std::string key = encode_base64(signing_key.public_octets());
    const std::string written = "k=" + std::string(format(type)) + "; p=" + key;
    const std::string folded = "v=DKIM1; n=a note; t=y; s=email; h=sha256; p=" + key.substr(0, 20) +
                               " \r\n\t" + key.substr(20) + " ; k=" + std::string(format(type));
    const auto record = KeyRecord::parse(folded);
    ASSERT_TRUE(record) << record.error().sentence;
    EXPECT_EQ(record->format(), written);
    const auto again = KeyRecord::parse(record->format());
    ASSERT_TRUE(again) << again.error().sentence;
    EXPECT_EQ(again->type, type);
    EXPECT_EQ(again->format(), written);
  }
}

// RFC 6376 has p= hold a bare RSAPublicKey, which is another text than the usual SubjectPublicKeyInfo.
TEST(KeyRecord, ABareKeyStaysOneWhenItIsWritten) {
  const auto octets = SigningKey::generate(KeyType::rsa, 1024).value().public_octets();
  constexpr std::size_t around_an_rsa_1024_key = 22;
  const std::string bare = "k=rsa; p=" + encode_base64(OctetView(octets).subspan(around_an_rsa_1024_key));
  const auto record = KeyRecord::parse(bare);
  ASSERT_TRUE(record) << record.error().sentence;
  EXPECT_EQ(record->format(), bare);
}

TEST(KeyRecord, ARevokedKeyIsWrittenAsOne) {
  EXPECT_EQ(KeyRecord::parse("v=DKIM1; k=ed25519; p=")->format(), "k=ed25519; p=");
}

TEST(KeyRecord, TheLongestThatIsReadIsStillShortWhenItIsWritten) {
  const auto key = SigningKey::generate(KeyType::rsa, 4096).value();
  EXPECT_LE(KeyRecord::parse(format_key_record(key))->format().size(), 800U);
}

// The length of p= is checked before a digit of it is decoded: this text is not even base64.
TEST(KeyRecord, TooLongTextIsNotDecoded) {
  const auto record = KeyRecord::parse("p=" + std::string(3000, '*'));
  EXPECT_EQ(record.error().reason, Reason::key_too_large);
}

TEST(KeyRecord, WithoutAKeyIsNone) {
  for (const char* text : {"k=rsa", "v=DKIM1", "P=", "x=p="}) {
    const auto record = KeyRecord::parse(text);
    ASSERT_FALSE(record) << text;
    EXPECT_EQ(record.error().reason, Reason::bad_key_record) << text;
    EXPECT_EQ(record.error().sentence, "the TXT record has no p=") << text;
  }
}

TEST(KeyRecord, SixteenKibibytesIsTheLimit) {
  const std::string key = "p=; x=";
  const std::string longest = key + std::string(KeyRecord::maximum_octets - key.size(), 'y');
  EXPECT_TRUE(KeyRecord::parse(longest));
  EXPECT_EQ(KeyRecord::parse(longest + "y").error().reason, Reason::key_too_large);
  EXPECT_TRUE(select_key_record({longest}));
  EXPECT_EQ(select_key_record({longest + "y"}).error().reason, Reason::key_too_large);
  EXPECT_EQ(select_key_record({longest, "y"}).error().reason, Reason::key_too_large) << "all together";
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

// One bit more takes no more octets than are decoded.
TEST(PublicKey, LimitIsToTheBit) {
  const auto key = SigningKey::generate(KeyType::rsa, 1025).value();
  const std::string text = format_key_record(key);
  EXPECT_EQ(KeyRecord::parse(text, KeyLimits{.maximum_rsa_bits = 1024}).error().reason,
            Reason::key_too_large);
  EXPECT_TRUE(KeyRecord::parse(text, KeyLimits{.maximum_rsa_bits = 1025}));
}

TEST(PublicKey, OfSmallOrderIsNone) {
  const auto record = [](const std::string& hex) {
    Octets octets;
    for (std::size_t i = 0; i < hex.size(); i += 2)
      octets.push_back(static_cast<std::uint8_t>(std::stoul(hex.substr(i, 2), nullptr, 16)));
    return KeyRecord::parse("k=ed25519; p=" + encode_base64(octets));
  };
  const std::string zeros(60, '0');
  const std::string ones(60, 'f');
  for (const std::string& hex :
       {"01" + zeros + "00", "01" + zeros + "80", "00" + zeros + "00", "00" + zeros + "80",
        "ec" + ones + "7f", "ec" + ones + "ff", "ed" + ones + "7f", "ee" + ones + "ff",
        std::string("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85"),
        std::string("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")}) {
    const auto found = record(hex);
    ASSERT_FALSE(found) << hex;
    EXPECT_EQ(found.error().reason, Reason::bad_key_record) << hex;
  }
  EXPECT_TRUE(record("02" + zeros + "00"));
  EXPECT_TRUE(record("01" + zeros + "01")) << "of one it has all octets but the last";
}

}  // namespace
}  // namespace tecs
