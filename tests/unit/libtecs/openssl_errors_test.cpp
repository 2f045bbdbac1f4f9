// OpenSSL keeps what it complained of for the thread's next caller. What a stranger sent must not be read as
// an error of a program that uses libtecs, or of its TLS.
#include <gtest/gtest.h>
#include <openssl/err.h>

#include <string>

#include "tecs/base64.hpp"
#include "tecs/public_key.hpp"
#include "tecs/signing_key.hpp"
#include "unit/libtecs/der.hpp"

namespace tecs {
namespace {

class OpensslErrors : public testing::Test {
 protected:
  OpensslErrors() { ERR_clear_error(); }
  ~OpensslErrors() override {
    EXPECT_EQ(ERR_peek_error(), 0UL) << ERR_error_string(ERR_peek_error(), nullptr);
  }

  const Digest digest = sha256(octets_of("some octets"));
};

TEST_F(OpensslErrors, AreNotLeftByKeysThatAreNone) {
  const Octets junk = der(der_sequence, {der_integer, 0x03, 0x01});
  for (const Octets& octets : {Octets{}, junk, Octets(32, 0xff)}) {
    EXPECT_FALSE(PublicKey::decode(KeyType::rsa, octets, {}));
  }
  EXPECT_FALSE(PublicKey::decode(KeyType::ed25519, Octets(31, 0x02), {}));
}

TEST_F(OpensslErrors, AreNotLeftByFilesThatHoldNoKey) {
  for (const std::string pem : {"", "junk", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
                                "-----BEGIN RSA PRIVATE KEY-----\nMAA=\n-----END RSA PRIVATE KEY-----\n"}) {
    EXPECT_FALSE(SigningKey::from_pem(pem)) << pem;
  }
}

TEST_F(OpensslErrors, AreNotLeftByAnRsaSignatureThatIsWrong) {
  const auto key = SigningKey::generate(KeyType::rsa, 1024).value();
  const auto publicly = PublicKey::decode(KeyType::rsa, key.public_octets(), {}).value();
  for (const std::uint8_t octet : Octets{0x00, 0x01, 0x7f, 0xff}) {
    EXPECT_FALSE(publicly.recover_digest(Octets(128, octet))) << int{octet};
  }
}

TEST_F(OpensslErrors, AreNotLeftByAnEd25519SignatureThatIsWrong) {
  const auto key = SigningKey::generate(KeyType::ed25519, 0).value();
  const auto publicly = PublicKey::decode(KeyType::ed25519, key.public_octets(), {}).value();
  for (const std::uint8_t octet : Octets{0x00, 0x01, 0x7f, 0xff}) {
    EXPECT_FALSE(publicly.verify(digest, Octets(64, octet))) << int{octet};
  }
}

TEST_F(OpensslErrors, AreNotLeftBySigning) {
  for (const KeyType type : {KeyType::rsa, KeyType::ed25519}) {
    const auto key = SigningKey::generate(type, 1024).value();
    EXPECT_TRUE(SigningKey::from_pem(key.to_pem()).value().sign(digest));
  }
}

}  // namespace
}  // namespace tecs
