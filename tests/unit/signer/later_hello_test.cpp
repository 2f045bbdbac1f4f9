#include "signer/later_hello.hpp"

#include <gtest/gtest.h>

#include "signer/identity_match.hpp"

namespace tecs::test {
namespace {

const std::string all =
    "250-mx\r\n250-STARTTLS\r\n250-XCLIENT NAME\r\n250-SIZE 9\r\n250 AUTH TECS-1 PLAIN\r\n";

class LaterHelloTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(table_.add(*IdentityMatch::parse("helo:b.example"), b_));
    ASSERT_TRUE(table_.add(*IdentityMatch::parse("sender:c.example"), a_));
  }

  LaterHello make(std::vector<std::string> told = {"mx", "SIZE 9", "AUTH PLAIN"}, bool is_signed = false) {
    const SmtpReply reply{.code = 250, .lines = std::move(told), .octets = {}};
    const IdentityChoice choice(table_, {*IpAddress::parse("127.0.0.1"), 25}, *IpAddress::parse("127.0.0.1"));
    return {choice, Continuation{b_, "EHLO B.Example\r\n", EhloCapabilities(reply)}, is_signed};
  }

  Identity a_ = std::make_shared<const Signer>(*Domain::parse("a.example"), std::nullopt,
                                               *SigningKey::generate(KeyType::ed25519, 0));
  Identity b_ = std::make_shared<const Signer>(*Domain::parse("b.example"), std::nullopt,
                                               *SigningKey::generate(KeyType::ed25519, 0));
  IdentityTable table_{a_};
};

TEST_F(LaterHelloTest, begins_with_the_name_that_was_said_first) {
  const LaterHello hello = make();
  EXPECT_EQ(hello.identity(), b_);
  EXPECT_EQ(hello.connection().hello, "EHLO B.Example\r\n");
  EXPECT_FALSE(hello.awaited());
}

TEST_F(LaterHelloTest, counts_when_the_server_takes_it) {
  LaterHello hello = make();
  hello.said("ehlo z.example", false);
  EXPECT_TRUE(hello.awaited());
  EXPECT_EQ(hello.identity(), b_);
  EXPECT_EQ(hello.replied("250-mx\r\n"), "");
  EXPECT_EQ(hello.replied("250 SIZE 5\r\n"), "250-mx\r\n250 SIZE 5\r\n");
  EXPECT_FALSE(hello.awaited());
  EXPECT_EQ(hello.identity(), std::nullopt) << "the sender decides";
  EXPECT_EQ(hello.connection().hello, "EHLO z.example\r\n");
  EXPECT_EQ(hello.connection().told.format(), "250-mx\r\n250 SIZE 5\r\n");
  EXPECT_EQ(hello.connection().identity, b_) << "whom the connection was made for";
}

TEST_F(LaterHelloTest, counts_as_EHLO_for_a_fresh_connection_when_it_is_HELO) {
  LaterHello hello = make();
  hello.said("HELO z.example", true);
  EXPECT_EQ(hello.replied("250 mx\r\n"), "250 mx\r\n");
  EXPECT_EQ(hello.connection().hello, "EHLO z.example\r\n");
  EXPECT_EQ(hello.connection().told.format(), "250 mx\r\n");
}

TEST_F(LaterHelloTest, changes_nothing_when_it_is_refused) {
  LaterHello hello = make();
  hello.said("EHLO z.example", false);
  EXPECT_EQ(hello.replied("550 no\r\n"), "550 no\r\n");
  EXPECT_EQ(hello.identity(), b_);
  EXPECT_EQ(hello.connection().hello, "EHLO B.Example\r\n");
  EXPECT_EQ(hello.connection().told.format(), "250-mx\r\n250-SIZE 9\r\n250 AUTH PLAIN\r\n");
}

TEST_F(LaterHelloTest, does_not_show_what_the_first_one_hid) {
  LaterHello hello = make();
  hello.said("EHLO z.example", false);
  EXPECT_EQ(hello.replied(all), "250-mx\r\n250-SIZE 9\r\n250 AUTH PLAIN\r\n");
}

TEST_F(LaterHelloTest, shows_no_login_where_the_first_one_showed_none) {
  LaterHello hello = make({"mx", "SIZE 9"});
  hello.said("EHLO z.example", false);
  EXPECT_EQ(hello.replied(all), "250-mx\r\n250 SIZE 9\r\n");
}

TEST_F(LaterHelloTest, shows_no_login_where_there_was_one) {
  LaterHello hello = make({"mx", "SIZE 9", "AUTH PLAIN"}, true);
  hello.said("EHLO z.example", false);
  EXPECT_EQ(hello.replied(all), "250-mx\r\n250 SIZE 9\r\n");
}

TEST_F(LaterHelloTest, fails_when_the_reply_cannot_be_read) {
  LaterHello hello = make();
  hello.said("EHLO z.example", false);
  EXPECT_FALSE(hello.replied("250-mx\r\n250 SIZE 9\n"));
  EXPECT_EQ(hello.identity(), b_);
}

}  // namespace
}  // namespace tecs::test
