#include "tecs/signing_key.hpp"

#include <gtest/gtest.h>

#include "tecs/public_key.hpp"

namespace tecs {
namespace {

const Digest digest = sha256(octets_of("some octets"));

TEST(SigningKey, RsaSignsWhatItsPublicKeyRecovers) {
  const auto key = SigningKey::generate(KeyType::rsa, 1024);
  ASSERT_TRUE(key);
  auto signature = key->sign(digest).value();
  const auto publicly = PublicKey::decode(KeyType::rsa, key->public_octets(), KeyLimits{}).value();
  EXPECT_EQ(publicly.recover_digest(signature), digest);

  signature.back() ^= 1;
  EXPECT_EQ(publicly.recover_digest(signature), std::nullopt);
  signature.push_back(0);
  EXPECT_EQ(publicly.recover_digest(signature), std::nullopt);
  EXPECT_EQ(publicly.recover_digest({}), std::nullopt);
}

TEST(SigningKey, Ed25519SignsWhatItsPublicKeyVerifies) {
  const auto key = SigningKey::generate(KeyType::ed25519, 0);
  ASSERT_TRUE(key);
  auto signature = key->sign(digest).value();
  const auto publicly = PublicKey::decode(KeyType::ed25519, key->public_octets(), KeyLimits{}).value();
  EXPECT_TRUE(publicly.verify(digest, signature));
  EXPECT_EQ(publicly.recover_digest(signature), std::nullopt);

  signature.back() ^= 1;
  EXPECT_FALSE(publicly.verify(digest, signature));
  EXPECT_FALSE(publicly.verify(digest, {}));
}

TEST(SigningKey, PemComesBack) {
  for (const KeyType type : {KeyType::rsa, KeyType::ed25519}) {
    const auto key = SigningKey::generate(type, 1024).value();
    EXPECT_TRUE(key.to_pem().starts_with("-----BEGIN PRIVATE KEY-----\n"));
    const auto read = SigningKey::from_pem(key.to_pem());
    ASSERT_TRUE(read) << read.error().sentence;
    EXPECT_EQ(read->public_octets(), key.public_octets());
  }
}

TEST(SigningKey, RefusesWhatCannotSign) {
  const char* const encrypted =
      "-----BEGIN ENCRYPTED PRIVATE "
      "KEY-----\nMIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAjYVjV2u9vDFwICCAAw\n"
      "-----END ENCRYPTED PRIVATE KEY-----\n";
  const char* const public_only =
      "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAOhs+7e33phjgeuSIGLD4SBPO6lewF6YzCsC23fHbkkI=\n"
      "-----END PUBLIC KEY-----\n";
  for (const char* pem : {"", "junk", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
                          encrypted, public_only}) {
    const auto key = SigningKey::from_pem(pem);
    ASSERT_FALSE(key) << pem;
    EXPECT_EQ(key.error().reason, Reason::bad_key_file);
  }
}

TEST(SigningKey, BitsAreBounded) {
  EXPECT_EQ(SigningKey::generate(KeyType::rsa, 1023).error().reason, Reason::bad_option);
  EXPECT_EQ(SigningKey::generate(KeyType::rsa, 16385).error().reason, Reason::bad_option);
}

}  // namespace
}  // namespace tecs
