#include "sasl/client_exchange.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "unit/sasl/signing_fixture.hpp"

namespace tecs {
namespace {

using std::chrono::seconds;
using testing::Not;
using testing::StartsWith;

constexpr std::chrono::sys_seconds now{seconds{1170806410}};

struct StandingClock final : Clock {
  [[nodiscard]] std::chrono::system_clock::time_point now() const override { return tecs::now; }
  [[nodiscard]] std::chrono::steady_clock::time_point steady() const override { return {}; }
};

Endpoint at(const char* text) {
  return Endpoint::parse(text).value();
}

ConnectionTuple between(const char* destination, const char* source) {
  return ConnectionTuple::make(at(destination), at(source)).value();
}

const ConnectionTuple own = between("198.51.100.25:25", "10.0.0.7:40213");
const char* const challenge = "c=203.0.113.7:61000; t=1170806412";
const ConnectionTuple as_seen = between("198.51.100.25:25", "203.0.113.7:61000");

const SigningKey& key_of(KeyType type, unsigned bits) {
  static const SigningKey ed25519 = test::make_key();
  static const SigningKey rsa2048 = test::make_key(KeyType::rsa, 2048);
  static const SigningKey rsa3072 = test::make_key(KeyType::rsa, 3072);
  if (type == KeyType::ed25519) return ed25519;
  return bits == 2048 ? rsa2048 : rsa3072;
}

struct Signing {
  explicit Signing(const char* nat = "never", KeyType type = KeyType::ed25519, unsigned bits = 0)
      : signer(std::make_shared<const Signer>(test::signer_for("sender.example", key_of(type, bits)))),
        exchange({signer, NatRule::parse(nat).value(), std::chrono::minutes{2}}, own, clock) {}

  // Both algorithms give the same signature each time.
  [[nodiscard]] std::string credential(const ConnectionTuple& tuple, std::chrono::sys_seconds time = now,
                                       Credential::Defaults defaults = Credential::Defaults::written) const {
    return signer->sign(tuple, Epoch::nearest(time))->format(defaults);
  }

  StandingClock clock;
  std::shared_ptr<const Signer> signer;
  ClientExchange exchange;
};

TEST(ClientExchangeTest, InitialResponseOverOurOwnView) {
  Signing signing;
  EXPECT_EQ(signing.exchange.initial_response()->value(), signing.credential(own));
}

// Of a key of 2,048 bits the defaults do not fit.
TEST(ClientExchangeTest, LeavesDefaultsOutWhenTheLineWouldBeTooLong) {
  Signing signing("never", KeyType::rsa, 2048);
  EXPECT_EQ(signing.exchange.initial_response()->value(),
            signing.credential(own, now, Credential::Defaults::left_out));
}

TEST(ClientExchangeTest, ChallengeThatWasNotWantedDoesNotCount) {
  Signing signing("never", KeyType::rsa, 3072);
  EXPECT_EQ(signing.exchange.initial_response().value(), std::nullopt);
  EXPECT_EQ(signing.exchange.response(challenge).value(), signing.credential(own));
}

// The signature's epoch is that of its making.
TEST(ClientExchangeTest, ChallengeThatWasWanted) {
  for (const char* const nat : {"always", "10.0.0.0/8"}) {
    Signing signing(nat);
    EXPECT_EQ(signing.exchange.initial_response().value(), std::nullopt) << nat;
    EXPECT_EQ(signing.exchange.response(challenge).value(), signing.credential(as_seen)) << nat;
  }
}

TEST(ClientExchangeTest, NotForAnAddressThatIsNotTranslated) {
  Signing signing("192.168.0.0/16");
  EXPECT_EQ(signing.exchange.initial_response()->value(), signing.credential(own));
}

TEST(ClientExchangeTest, TimeOfTheServerWithinTheSkew) {
  for (const seconds off : {seconds{-120}, seconds{-31}, seconds{31}, seconds{120}}) {
    Signing signing("always");
    const auto time = now + off;
    const std::string text = "c=203.0.113.7:61000; t=" + std::to_string(time.time_since_epoch().count());
    EXPECT_EQ(signing.exchange.response(text).value(), signing.credential(as_seen, time)) << off.count();
  }
}

TEST(ClientExchangeTest, OwnTimeBeyondTheSkew) {
  for (const char* const time : {"0", "1170806289", "1170806531", "253402300799"}) {
    Signing signing("always");
    EXPECT_EQ(signing.exchange.response(std::string("c=203.0.113.7:61000; t=") + time).value(),
              signing.credential(as_seen))
        << time;
  }
}

TEST(ClientExchangeTest, OwnViewWhenTheChallengeSaysNothing) {
  for (const std::string& text :
       {std::string(), std::string("\0\xff", 2), std::string("t=1170806412"),
        std::string("c=nobody; t=1170806412"), std::string("c=[2001:db8::1]:61000; t=1170806412"),
        std::string(5000, 'x')}) {
    Signing signing("always");
    EXPECT_EQ(signing.exchange.response(text).value(), signing.credential(own)) << text.substr(0, 40);
  }
}

// A server that names another server's end would have us sign a connection to somebody else.
TEST(ClientExchangeTest, DestinationIsNeverTheServersWord) {
  Signing signing("always");
  EXPECT_EQ(signing.exchange.response("c=203.0.113.7:61000; t=1170806412; d=192.0.2.99:25").value(),
            signing.credential(as_seen));
}

}  // namespace
}  // namespace tecs
