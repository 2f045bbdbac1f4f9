#include "signer/mta_session.hpp"

#include <gtest/gtest.h>

#include "unit/signer/dialogue_setup.hpp"

namespace tecs::test {
namespace {

using Awaits = MtaSession::Awaits;
using Login = EhloCapabilities::Login;

EhloCapabilities capabilities(std::vector<std::string> lines) {
  lines.insert(lines.begin(), "mx.example.com");
  return EhloCapabilities(SmtpReply{250, std::move(lines), {}});
}

class Session : public testing::Test {
 protected:
  Session() {
    EXPECT_TRUE(table_.add(*IdentityMatch::parse("helo:h.example"), identity_of("h.example")));
    EXPECT_TRUE(table_.add(*IdentityMatch::parse("sender:a.example"), identity_of("a.example")));
  }

  IdentityTable table_{identity_of("example.org")};
  IdentityChoice choice_ = choice_among(table_);
  EhloCapabilities server_ = capabilities({"XCLIENT ADDR", "SIZE 100", "AUTH TECS-1"});
};

TEST_F(Session, waits_for_a_greeting_first) {
  MtaSession session(choice_);
  EXPECT_EQ(session.awaits(), Awaits::greeting);
  EXPECT_FALSE(session.identity());
  session.was_answered();
  EXPECT_EQ(session.awaits(), Awaits::nothing);
}

TEST_F(Session, says_ehlo_as_the_mta_did) {
  MtaSession session(choice_);
  session.said_hello("ehlo  r.example x");
  EXPECT_EQ(session.ehlo(), "ehlo  r.example x\r\n");
  EXPECT_EQ(session.helo(), "");
}

TEST_F(Session, says_ehlo_for_helo_and_has_helo_in_reserve_while_the_mta_waits) {
  MtaSession session(choice_);
  session.said_hello("helo r.example");
  EXPECT_EQ(session.ehlo(), "EHLO r.example\r\n");
  EXPECT_EQ(session.helo(), "HELO r.example\r\n");
  EXPECT_EQ(session.answer_to_hello(server_, Login::open), "250 mx.example.com\r\n");
  EXPECT_EQ(session.helo(), "");
}

TEST_F(Session, answers_ehlo_once) {
  MtaSession session(choice_);
  session.said_hello("EHLO h.example");
  EXPECT_EQ(session.answer_to_hello(server_, Login::open), "250-mx.example.com\r\n250 SIZE 100\r\n");
  EXPECT_EQ(session.answer_to_hello(server_, Login::open), "");
}

// No other connection follows, so XCLIENT does no harm.
TEST_F(Session, is_of_one_party_when_the_source_decides) {
  ASSERT_TRUE(table_.add(*IdentityMatch::parse("source:192.0.2.1"), identity_of("s.example")));
  MtaSession session(choice_);
  EXPECT_EQ(session.identity(), identity_of("s.example"));
  session.said_hello("EHLO h.example");
  EXPECT_EQ(session.identity(), identity_of("s.example"));
  EXPECT_EQ(session.answer_to_hello(server_, Login::open),
            "250-mx.example.com\r\n250-XCLIENT ADDR\r\n250 SIZE 100\r\n");
  EXPECT_FALSE(session.continuation(server_));
}

TEST_F(Session, does_not_need_the_sender_when_the_name_decides) {
  MtaSession session(choice_);
  session.said_hello("EHLO h.example");
  EXPECT_EQ(session.identity(), identity_of("h.example"));
  EXPECT_FALSE(session.continuation(server_)) << "the MTA has not been told anything";
  (void)session.answer_to_hello(server_, Login::open);
  const auto continuation = session.continuation(server_);
  ASSERT_TRUE(continuation) << "another EHLO may name another";
  EXPECT_EQ(continuation->identity, identity_of("h.example"));
  EXPECT_EQ(continuation->hello, "EHLO h.example\r\n");
}

TEST_F(Session, goes_on_as_the_name_says_whoever_the_sender) {
  const MtaSession session(choice_, Continuation{nullptr, "EHLO h.example\r\n", capabilities({"SIZE 100"})},
                           "MAIL FROM:<x@a.example>\r\n");
  EXPECT_EQ(session.identity(), identity_of("h.example"));
  const auto continuation = session.continuation(server_);
  ASSERT_TRUE(continuation);
  EXPECT_EQ(continuation->identity, identity_of("h.example"));
}

TEST_F(Session, can_be_continued_when_the_sender_decides) {
  MtaSession session(choice_);
  session.said_hello("EHLO r.example");
  EXPECT_FALSE(session.identity());
  EXPECT_EQ(session.answer_to_hello(server_, Login::open), "250-mx.example.com\r\n250 SIZE 100\r\n");
  EXPECT_FALSE(session.continuation(server_)) << "MAIL has not been said";
  session.said_mail("MAIL FROM:<x@a.example>");
  const auto continuation = session.continuation(server_);
  ASSERT_TRUE(continuation);
  EXPECT_EQ(continuation->identity, identity_of("a.example"));
  EXPECT_EQ(continuation->hello, "EHLO r.example\r\n");
  EXPECT_FALSE(session.continuation(capabilities({"SIZE 100"}))) << "nobody takes a signature there";
}

TEST_F(Session, is_as_it_was_when_a_second_hello_is_refused) {
  MtaSession session(choice_);
  session.said_hello("EHLO r.example");
  (void)session.answer_to_hello(server_, Login::open);
  session.said_hello("HELO h.example");
  session.hello_was_refused();
  EXPECT_EQ(session.ehlo(), "EHLO r.example\r\n");
  EXPECT_FALSE(session.identity());
}

TEST_F(Session, goes_on_where_another_connection_left_it) {
  const MtaSession session(choice_, Continuation{nullptr, "EHLO r.example\r\n", capabilities({"SIZE 100"})},
                           "MAIL FROM:<x@a.example>\r\nRCPT TO:<y@example.com>\r\n");
  EXPECT_EQ(session.awaits(), Awaits::nothing);
  EXPECT_EQ(session.identity(), identity_of("a.example"));
  EXPECT_EQ(session.misses(server_), std::nullopt);
  EXPECT_EQ(session.misses(capabilities({"SIZE 99"})), "SIZE 100");
}

TEST_F(Session, misses_nothing_that_it_is_going_to_be_told_afresh) {
  MtaSession session(choice_);
  session.said_hello("EHLO r.example");
  (void)session.answer_to_hello(server_, Login::open);
  EXPECT_EQ(session.misses(capabilities({})), "SIZE");
  session.said_hello("EHLO r.example");
  EXPECT_EQ(session.misses(capabilities({})), std::nullopt);
}

TEST_F(Session, lets_nobody_answer_when_no_mail_line_was_held) {
  for (const char* const held : {"", "MAIL FROM:<x@a.example>"}) {
    const MtaSession session(choice_, Continuation{nullptr, "EHLO r.example\r\n", server_}, held);
    EXPECT_EQ(session.identity(), Identity()) << held;
  }
}

}  // namespace
}  // namespace tecs::test
