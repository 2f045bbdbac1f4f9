#include "unit/c_api/c_objects.hpp"

namespace tecs::c_api {
namespace {

constexpr std::size_t command_line = 512;

std::size_t line_of(const char* initial_response) {
  return std::string("AUTH TECS-1 ").append(initial_response).append("\r\n").size();
}

TEST(Credential, OfEd25519IsSentAsItIs) {
  const Credential credential = sign("ed25519");
  const char* const sent = tecs_credential_initial_response(credential.get());
  ASSERT_NE(sent, nullptr);
  EXPECT_LE(line_of(sent), command_line);
  EXPECT_STREQ(sent, tecs_credential_response(credential.get(), TECS_BASE64));
}

// PROTOCOL section 1: some 518 octets with all tags.
TEST(Credential, OfRsaLeavesOutItsDefaultsToFitTheLine) {
  const Credential credential = sign("rsa-2048");
  const char* const sent = tecs_credential_initial_response(credential.get());
  ASSERT_NE(sent, nullptr);
  EXPECT_LE(line_of(sent), command_line);
  EXPECT_GT(line_of(tecs_credential_response(credential.get(), TECS_BASE64)), command_line);
  EXPECT_STREQ(sent, tecs_credential_short(credential.get(), TECS_BASE64));
  EXPECT_EQ(text(tecs_credential_short(credential.get(), TECS_DECODED)).rfind("d=example.org; b=", 0), 0U);
}

TEST(Credential, ThatDoesNotFitTheLineIsNoInitialResponse) {
  const Credential credential =
      sign("rsa-2048", tuple(), noon, "a-selector-that-is-long-enough-to-make-the-line-too-long");
  EXPECT_EQ(tecs_credential_initial_response(credential.get()), nullptr);
  EXPECT_GT(line_of(tecs_credential_short(credential.get(), TECS_BASE64)), command_line);
}

TEST(Credential, HasNoOtherEncodings) {
  const Credential credential = sign("ed25519");
  for (const int encoding : {-1, 2, 1000}) {
    EXPECT_EQ(tecs_credential_response(credential.get(), encoding), nullptr);
    EXPECT_EQ(tecs_credential_short(credential.get(), encoding), nullptr);
  }
}

}  // namespace
}  // namespace tecs::c_api
