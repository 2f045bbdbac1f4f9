#include <set>

#include "unit/c_api/c_objects.hpp"

namespace tecs::c_api {
namespace {

struct Remembered {
  std::string key;
  std::int64_t expiry;
};

Remembered remembered(const std::string& key, const tecs_tuple& connection, std::int64_t signed_at,
                      std::int64_t verified_at, const tecs_options* options = nullptr) {
  Zone zone = zone_of(key);
  const Source source = source_of(zone);
  const Credential credential = sign(key, connection, signed_at);
  const Verification verification = verify(tecs_credential_response(credential.get(), TECS_BASE64),
                                           source.get(), {connection}, verified_at, options);
  EXPECT_EQ(tecs_verification_result(verification.get()), TECS_RESULT_PASS);
  return {text(tecs_verification_replay_key(verification.get())),
          tecs_verification_replay_expiry(verification.get())};
}

TEST(ReplayKey, IsOfConnectionEpochAndDomain) {
  const Remembered first = remembered("ed25519", tuple(), noon, noon);
  EXPECT_EQ(first.key.size(), 64U);
  EXPECT_EQ(first.key.find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_EQ(remembered("ed25519", tuple(), noon, noon + 30).key, first.key) << "whenever it is verified";
  EXPECT_EQ(remembered("rsa-2048", tuple(), noon, noon).key, first.key) << "whatever the key";
  const std::set<std::string> keys{
      first.key, remembered("ed25519", tuple(), noon + 30, noon).key,
      remembered("ed25519", tuple("192.0.2.25:25", "198.51.100.7:40214"), noon, noon).key,
      remembered("ed25519", tuple("192.0.2.26:25"), noon, noon).key,
      remembered("ed25519", tuple("[2001:db8::25]:25", "[2001:db8::7]:40213"), noon, noon).key};
  EXPECT_EQ(keys.size(), 5U);
}

// Verified a second before the expiry it is accepted, and from then on it is not.
TEST(ReplayKey, IsRememberedForAsLongAsTheVerifierAccepts) {
  for (const char* tolerance : {"0", "1", "20"}) {
    const Options options(tecs_options_new(nullptr));
    ASSERT_EQ(tecs_options_set(options.get(), "epoch-tolerance", tolerance, nullptr), 0);
    const std::int64_t expiry = remembered("ed25519", tuple(), noon, noon, options.get()).expiry;
    EXPECT_EQ(remembered("ed25519", tuple(), noon, expiry - 1, options.get()).expiry, expiry);
    Zone zone = zone_of("ed25519");
    const Source source = source_of(zone);
    const Credential credential = sign("ed25519");
    const Verification late = verify(tecs_credential_response(credential.get(), TECS_BASE64), source.get(),
                                     {tuple()}, expiry, options.get());
    EXPECT_EQ(tecs_verification_result(late.get()), TECS_RESULT_FAIL) << tolerance;
  }
}

}  // namespace
}  // namespace tecs::c_api
