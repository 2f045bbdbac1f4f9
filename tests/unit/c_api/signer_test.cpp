#include <limits>

#include "unit/c_api/c_objects.hpp"

namespace tecs::c_api {
namespace {

TEST(Signer, RefusesWhatIsNoDomainAndNoSelector) {
  const Key key = key_of("ed25519");
  Failure failure;
  EXPECT_EQ(tecs_signer_new("example", nullptr, key.get(), failure.place()), nullptr);
  EXPECT_EQ(failure.reason(), "bad-domain");
  EXPECT_EQ(tecs_signer_new("example.org", "", key.get(), failure.place()), nullptr);
  EXPECT_EQ(failure.reason(), "bad-selector");
  EXPECT_EQ(tecs_signer_new("example.org", "a b", key.get(), failure.place()), nullptr);
  EXPECT_EQ(failure.reason(), "bad-selector");
}

TEST(Signer, OutlivesItsKey) {
  Key key = key_of("ed25519");
  const Signer signer(tecs_signer_new("Example.ORG", "mail", key.get(), nullptr));
  key.reset();
  const tecs_tuple connection = tuple();
  const Credential credential(tecs_signer_sign(signer.get(), &connection, noon, nullptr));
  EXPECT_EQ(text(tecs_credential_response(credential.get(), TECS_DECODED))
                .rfind("a=ed25519-sha256; q=dns; d=example.org; s=mail; b=", 0),
            0U);
}

// The vector of tests/cases/verify: who signs the same twice, signs the same.
TEST(Signer, SignsTheOctetsOfTheProtocol) {
  const Signer signer(tecs_signer_new("jgc.org", nullptr, key_of("rsa-2048").get(), nullptr));
  const tecs_tuple connection = tuple();
  const Credential credential(tecs_signer_sign(signer.get(), &connection, noon, nullptr));
  EXPECT_EQ(text(tecs_credential_response(credential.get(), TECS_DECODED)).substr(0, 60),
            "a=rsa-sha256; q=dns; d=jgc.org; b=biQRkrosqiWu4mARiwl4sfv1aj");
}

TEST(Signer, RefusesAConnectionThatCannotBe) {
  const Signer signer(tecs_signer_new("example.org", nullptr, key_of("ed25519").get(), nullptr));
  Failure failure;
  tecs_tuple connection = tuple();
  connection.source = endpoint("[2001:db8::7]:40213");
  EXPECT_EQ(tecs_signer_sign(signer.get(), &connection, noon, failure.place()), nullptr);
  EXPECT_EQ(failure.reason(), "family-mismatch");
  connection = tuple();
  connection.source.port = 0;
  EXPECT_EQ(tecs_signer_sign(signer.get(), &connection, noon, failure.place()), nullptr);
  EXPECT_EQ(failure.reason(), "bad-endpoint");
  EXPECT_EQ(failure.sentence().rfind("source: ", 0), 0U) << failure.sentence();
}

TEST(Signer, RefusesATimeThatCannotBe) {
  const Signer signer(tecs_signer_new("example.org", nullptr, key_of("ed25519").get(), nullptr));
  const tecs_tuple connection = tuple();
  using Limits = std::numeric_limits<std::int64_t>;
  for (const std::int64_t time :
       {std::int64_t{-1}, std::int64_t{253402300800}, Limits::min(), Limits::max()}) {
    Failure failure;
    EXPECT_EQ(tecs_signer_sign(signer.get(), &connection, time, failure.place()), nullptr) << time;
    EXPECT_EQ(failure.reason(), "bad-option");
  }
  for (const std::int64_t time : {std::int64_t{0}, std::int64_t{253402300799}}) {
    EXPECT_TRUE(Credential(tecs_signer_sign(signer.get(), &connection, time, nullptr))) << time;
  }
}

}  // namespace
}  // namespace tecs::c_api
