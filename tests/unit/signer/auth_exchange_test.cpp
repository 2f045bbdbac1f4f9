// The moves of one exchange; the dialogues show them in their places.
#include "signer/auth_exchange.hpp"

#include <gtest/gtest.h>

#include "tecs/base64.hpp"

namespace tecs {
namespace {

using Kind = AuthExchange::Move::Kind;

Credential credential(std::size_t signature_octets) {
  return {Algorithm::ed25519_sha256, *Domain::parse("example.org"), std::nullopt,
          Octets(signature_octets, 0x5a)};
}

SmtpReply reply(int code, const std::string& text) {
  return {code, {text}, std::to_string(code) + " " + text + "\r\n"};
}

TEST(AuthExchange, sends_what_fits_the_line_at_once) {
  AuthExchange exchange(false);
  EXPECT_EQ(exchange.begin().kind, Kind::sign);
  const auto move = exchange.signed_with(credential(64));
  ASSERT_EQ(move.kind, Kind::write);
  EXPECT_TRUE(move.text.starts_with("AUTH TECS-1 ")) << move.text;
  EXPECT_EQ(exchange.on_reply(reply(235, "ok")).kind, Kind::accepted);
}

TEST(AuthExchange, sends_a_long_credential_after_the_334_whatever_that_says) {
  AuthExchange exchange(false);
  (void)exchange.begin();
  EXPECT_EQ(exchange.signed_with(credential(512)).text, "AUTH TECS-1\r\n");
  const auto move = exchange.on_reply(reply(334, encode_base64(octets_of("c=192.0.2.1:1; t=1"))));
  ASSERT_EQ(move.kind, Kind::write);
  EXPECT_EQ(move.text, encode_base64(octets_of(credential(512).format())) + "\r\n");
}

TEST(AuthExchange, hands_the_challenge_over_to_be_signed) {
  AuthExchange exchange(true);
  const auto first = exchange.begin();
  ASSERT_EQ(first.kind, Kind::write);
  EXPECT_EQ(first.text, "AUTH TECS-1\r\n");
  const auto second = exchange.on_reply(reply(334, encode_base64(octets_of("c=192.0.2.1:1; t=2"))));
  ASSERT_EQ(second.kind, Kind::sign);
  ASSERT_TRUE(second.challenge);
  EXPECT_EQ(second.challenge->format(), "c=192.0.2.1:1; t=2");
  EXPECT_EQ(exchange.signed_with(credential(64)).text,
            encode_base64(octets_of(credential(64).format())) + "\r\n");
}

TEST(AuthExchange, says_nothing_to_the_server_when_there_is_no_signature) {
  AuthExchange exchange(false);
  (void)exchange.begin();
  const auto move = exchange.sign_failed("no luck");
  EXPECT_EQ(move.kind, Kind::not_signed);
  EXPECT_EQ(move.text, "no luck");
}

TEST(AuthExchange, cancels_when_there_is_no_signature_of_the_challenge) {
  AuthExchange exchange(true);
  (void)exchange.begin();
  (void)exchange.on_reply(reply(334, ""));
  EXPECT_EQ(exchange.sign_failed("no luck").text, "*\r\n");
  const auto move = exchange.on_reply(reply(501, "cancelled"));
  EXPECT_EQ(move.kind, Kind::not_signed);
  EXPECT_EQ(move.text, "no luck");
}

TEST(AuthExchange, gives_the_connection_up_when_cancelling_does_not_help) {
  for (const int code : {334, 421}) {
    AuthExchange exchange(true);
    (void)exchange.begin();
    (void)exchange.on_reply(reply(334, ""));
    (void)exchange.sign_failed("no luck");
    EXPECT_EQ(exchange.on_reply(reply(code, "more")).kind, Kind::lost) << code;
  }
}

}  // namespace
}  // namespace tecs
