// What the dialogues do not show: the bookkeeping beside the moves.
#include "signer/server_setup.hpp"

#include <gtest/gtest.h>

namespace tecs {
namespace {

using Kind = ServerSetup::Move::Kind;

SmtpReply reply(int code, std::vector<std::string> lines) {
  return {code, lines, std::to_string(code) + " " + lines.front() + "\r\n"};
}

SmtpReply with_tls() {
  return reply(250, {"mx", "STARTTLS", "AUTH TECS-1"});
}

SmtpReply without_tls() {
  return reply(250, {"mx", "AUTH TECS-1"});
}

class Setup : public testing::Test {
 protected:
  ServerSetup::Move begin(const ConnectionTerms& terms, const SmtpReply& to_ehlo) {
    setup_.connected(terms);
    EXPECT_EQ(setup_.say_hello("EHLO r\r\n", {}).text, "EHLO r\r\n");
    return setup_.on_reply(to_ehlo);
  }

  ServerSetup setup_;
};

TEST_F(Setup, forgets_what_was_learnt_before_tls) {
  ASSERT_EQ(begin({}, with_tls()).kind, Kind::starttls);
  ASSERT_EQ(setup_.on_reply(reply(220, {"go"})).kind, Kind::handshake);
  EXPECT_TRUE(setup_.offers_tecs());
  EXPECT_EQ(setup_.tls_established().text, "EHLO r\r\n");
  EXPECT_FALSE(setup_.offers_tecs());
}

TEST_F(Setup, owes_tls_anew_on_every_connection) {
  const ConnectionTerms required{.tls = TlsDemand::required};
  ASSERT_EQ(begin(required, with_tls()).kind, Kind::starttls);
  (void)setup_.on_reply(reply(220, {"go"}));
  EXPECT_TRUE(setup_.owes_tls());
  (void)setup_.tls_established();
  EXPECT_FALSE(setup_.owes_tls());
  setup_.connected(required);
  EXPECT_TRUE(setup_.owes_tls());
}

TEST_F(Setup, tries_tls_once) {
  ASSERT_EQ(begin({}, with_tls()).kind, Kind::starttls);
  (void)setup_.on_reply(reply(220, {"go"}));
  ASSERT_EQ(setup_.tls_failed("no luck").kind, Kind::reconnect);
  EXPECT_EQ(begin({}, with_tls()).kind, Kind::hello_taken);
  EXPECT_EQ(setup_.tls_failure(), "no luck");
}

TEST_F(Setup, takes_a_connection_that_is_lost_under_tls_for_one_that_is_lost) {
  ASSERT_EQ(begin({}, with_tls()).kind, Kind::starttls);
  (void)setup_.on_reply(reply(220, {"go"}));
  (void)setup_.tls_established();
  ASSERT_EQ(setup_.on_reply(without_tls()).kind, Kind::hello_taken);
  ASSERT_EQ(setup_.say_hello("EHLO again\r\n", {}).kind, Kind::write);
  const auto move = setup_.lost("4.4.2", "gone");
  EXPECT_EQ(move.kind, Kind::failed);
  EXPECT_EQ(move.status, "4.4.2");
  EXPECT_EQ(setup_.tls_failure(), "");
}

TEST_F(Setup, takes_a_connection_that_is_lost_right_after_the_handshake_for_one_that_tls_cost) {
  for (int connection = 0; connection < 2; ++connection) {
    ASSERT_EQ(begin({}, with_tls()).kind, Kind::starttls);
    (void)setup_.on_reply(reply(220, {"go"}));
    (void)setup_.tls_established();
    if (connection == 0) {
      EXPECT_EQ(setup_.on_reply(without_tls()).kind, Kind::hello_taken);
    }
  }
  EXPECT_EQ(setup_.lost("4.4.2", "gone").kind, Kind::reconnect);
  EXPECT_EQ(setup_.tls_failure(), "gone");
}

TEST_F(Setup, knows_nothing_of_a_server_that_it_has_not_greeted) {
  ASSERT_EQ(begin({}, without_tls()).kind, Kind::hello_taken);
  EXPECT_TRUE(setup_.offers_tecs());
  setup_.connected({});
  EXPECT_FALSE(setup_.capabilities());
}

TEST_F(Setup, signs_no_more_after_a_signature_that_cost_the_connection) {
  ASSERT_EQ(begin({}, without_tls()).kind, Kind::hello_taken);
  EXPECT_FALSE(setup_.authenticating());
  ASSERT_EQ(setup_.authenticate().kind, Kind::sign);
  EXPECT_TRUE(setup_.authenticating());
  EXPECT_EQ(setup_.lost("4.4.2", "gone").kind, Kind::reconnect);
  EXPECT_FALSE(setup_.authenticating());
  EXPECT_FALSE(setup_.signs());
  EXPECT_TRUE(setup_.was_refused());
  ASSERT_EQ(begin({}, without_tls()).kind, Kind::hello_taken);
  const auto move = setup_.authenticate();
  EXPECT_EQ(move.kind, Kind::not_signed);
  EXPECT_EQ(move.text, "AUTH failed: gone");
}

TEST_F(Setup, does_not_call_it_a_refusal_when_there_was_nothing_to_refuse) {
  ASSERT_EQ(begin({}, without_tls()).kind, Kind::hello_taken);
  ASSERT_EQ(setup_.authenticate().kind, Kind::sign);
  EXPECT_EQ(setup_.sign_failed("no luck").kind, Kind::not_signed);
  EXPECT_FALSE(setup_.was_refused());
}

TEST_F(Setup, falls_back_to_helo_only_where_it_may) {
  setup_.connected({});
  (void)setup_.say_hello("EHLO r\r\n", "HELO r\r\n");
  EXPECT_EQ(setup_.on_reply(reply(502, {"what"})).text, "HELO r\r\n");
  EXPECT_EQ(setup_.on_reply(reply(250, {"mx"})).kind, Kind::helo_taken);
  setup_.connected({.tls = TlsDemand::required});
  (void)setup_.say_hello("EHLO r\r\n", "HELO r\r\n");
  EXPECT_EQ(setup_.on_reply(reply(502, {"what"})).kind, Kind::failed);
}

}  // namespace
}  // namespace tecs
