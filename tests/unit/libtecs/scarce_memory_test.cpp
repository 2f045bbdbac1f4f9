// What libtecs makes of libcrypto when that finds no memory: at each place once where it asks for some.
#include <gtest/gtest.h>

#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "tecs/public_key.hpp"
#include "tecs/signing_key.hpp"
#include "tecs/verifier.hpp"
#include "unit/libcrypto_memory.hpp"

namespace tecs::test {
namespace {

// Calls work() once for each time that it asks for memory, and gives it none there. Returns how often.
template <typename Work, typename Check>
int at_each_place(const Work& work, const Check& check) {
  int places = 0;
  for (bool is_short = true; is_short; ++places) {
    refuse_libcrypto(places + 1);
    work();
    is_short = has_refused_libcrypto();
    refuse_libcrypto(0);
    check();
  }
  return places - 1;
}

class ScarceMemory : public testing::TestWithParam<KeyType> {
 protected:
  void SetUp() override {
    ASSERT_TRUE(gives_libcrypto_memory());
    key_ = SigningKey::generate(GetParam(), 1024).value();
    public_key_ = PublicKey::decode(GetParam(), key_->public_octets(), KeyLimits{}).value();
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(is_right(key_->sign(digest_).value()));
  }

  bool is_right(const Octets& signature) const {
    return GetParam() == KeyType::rsa ? public_key_->recover_digest(signature) == digest_
                                      : public_key_->verify(digest_, signature);
  }

  const Digest digest_ = sha256(octets_of("some octets"));
  std::optional<SigningKey> key_;
  std::optional<PublicKey> public_key_;
};

TEST_P(ScarceMemory, LeavesASignatureRightOrMakesNone) {
  std::optional<Octets> made;
  const auto sign = [&] {
    const auto signature = key_->sign(digest_);
    made = signature ? std::optional(*signature) : std::nullopt;
  };
  const auto check = [&] {
    EXPECT_TRUE(!made || is_right(*made));
    for (int i = 0; i < 2; ++i) EXPECT_TRUE(is_right(key_->sign(digest_).value_or(Octets{})));
  };
  // OpenSSL 3.0 makes anew what it blinds a key with at each 32nd signature, and has signed wrongly until the
  // next when it found no memory then. That is met at another place each time.
  for (int time = 0; time < 8; ++time) EXPECT_GT(at_each_place(sign, check), 3);
}

TEST_P(ScarceMemory, IsNoForgery) {
  const Octets signature = key_->sign(digest_).value();
  int taken_for_forged = 0;
  const int places = at_each_place(
      [&] {
        try {
          if (!is_right(signature)) ++taken_for_forged;
        } catch (const std::bad_alloc&) {
          // Nobody knows.
        }
      },
      [&] { EXPECT_TRUE(is_right(signature)); });
  EXPECT_GT(places, 3);
  // OpenSSL 3.0 says nothing when it has none for the digest that is made inside a verification.
  EXPECT_LE(taken_for_forged, GetParam() == KeyType::ed25519 ? 1 : 0);
}

// Each thread has what it hashes with, and the first that hashes finds the algorithm for all.
TEST(ScarceMemoryOfAThread, IsNotRememberedByItsHashes) {
  const OctetView octets = octets_of("some octets");
  const Digest digest = sha256(octets);
  std::thread([&] {
    const int places = at_each_place(
        [&] {
          try {
            EXPECT_EQ(sha256(octets), digest);
          } catch (const std::runtime_error&) {
            // There is none, this time.
          }
        },
        [] {});
    EXPECT_GT(places, 0);
    EXPECT_EQ(sha256(octets), digest);
  }).join();
}

INSTANTIATE_TEST_SUITE_P(Keys, ScarceMemory, testing::Values(KeyType::rsa, KeyType::ed25519),
                         [](const auto& row) { return row.param == KeyType::rsa ? "rsa" : "ed25519"; });

}  // namespace
}  // namespace tecs::test
