// What a TransactionWatch cannot follow, or must not let pass.
#include "unit/signer/watch_play.hpp"

namespace tecs::test {
namespace {

INSTANTIATE_TEST_SUITE_P(
    Login, Watched,
    testing::Values(
        WatchCase{"holds_what_follows",
                  {mta("AUTH PLAIN AAAA\r\n" + mail_b)},
                  held("AUTH PLAIN AAAA\r\n", mail_b),
                  MadeFor::nobody},
        WatchCase{"refused",
                  {mta("AUTH PLAIN AAAA\r\n"), server("535 no\r\n"), mta(mail_b)},
                  hand_over("AUTH PLAIN AAAA\r\n", mail_b),
                  MadeFor::nobody},
        WatchCase{"on_a_connection_of_nobody_leaves_no_other",
                  {mta("AUTH PLAIN AAAA\r\n"), server("235 ok\r\n"), mta(mail_b + mail_a)},
                  going("AUTH PLAIN AAAA\r\n" + mail_b + mail_a),
                  MadeFor::nobody},
        WatchCase{"on_a_signed_connection_lets_no_other_party_go_on_it",
                  {mta("AUTH PLAIN AAAA\r\n"), server("235 ok\r\n"), mta(mail_a + mail_b), server(ok)},
                  failed("421 4.7.0", "AUTH PLAIN AAAA\r\n" + mail_a, mail_b)},
        // What looks like a command is a response.
        WatchCase{"by_challenge",
                  {mta("AUTH LOGIN\r\n"), server("334 VXNlcg==\r\n"), mta(mail_b), server("334 UGFzcw==\r\n"),
                   mta("c2VjcmV0\r\n"), server("535 no\r\n"), mta(mail_b)},
                  hand_over("AUTH LOGIN\r\n" + mail_b + "c2VjcmV0\r\n", mail_b),
                  MadeFor::nobody},
        WatchCase{"cancelled",
                  {mta("AUTH LOGIN\r\n"), server("334 VXNlcg==\r\n"), mta("*\r\n"), server("501 ok\r\n"),
                   mta(mail_b)},
                  hand_over("AUTH LOGIN\r\n*\r\n", mail_b),
                  MadeFor::nobody},
        WatchCase{"of_the_longest_initial_response",
                  {mta("AUTH GSSAPI " + std::string(12'274, 'x') + "\r\n")},
                  held("AUTH GSSAPI " + std::string(12'274, 'x') + "\r\n"),
                  MadeFor::nobody},
        WatchCase{"of_a_longer_initial_response",
                  {mta("AUTH GSSAPI " + std::string(12'277, 'x'))},
                  failed("500 5.5.2", "", "AUTH GSSAPI " + std::string(12'277, 'x')),
                  MadeFor::nobody},
        WatchCase{"of_the_longest_response",
                  {mta("AUTH GSSAPI\r\n"), server("334 \r\n"), mta(std::string(12'286, 'x') + "\r\n")},
                  held("AUTH GSSAPI\r\n" + std::string(12'286, 'x') + "\r\n"),
                  MadeFor::nobody},
        WatchCase{"of_a_longer_response",
                  {mta("AUTH GSSAPI\r\n"), server("334 \r\n"), mta(std::string(12'289, 'x'))},
                  failed("500 5.5.2", "AUTH GSSAPI\r\n", std::string(12'289, 'x')),
                  MadeFor::nobody}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Replies, Watched,
    testing::Values(WatchCase{"one_too_many", {server("250 what\r\n"), mta(mail_a)}, going(mail_a)},
                    WatchCase{"one_too_many_then_another_party",
                              {server("250 what\r\n"), mta(mail_b)},
                              failed("421 4.5.0", "", mail_b)},
                    WatchCase{"none_at_all",
                              {server("hello\r\n"), mta("NOOP\r\n" + mail_b)},
                              failed("421 4.5.0", "NOOP\r\n", mail_b)},
                    WatchCase{"none_while_another_party_waits",
                              {mta("NOOP\r\n" + mail_b), server("hello\r\n")},
                              failed("421 4.5.0", "NOOP\r\n", mail_b)},
                    WatchCase{
                        "begun_when_another_party_comes", {server("25"), mta(mail_b)}, held("", mail_b)},
                    WatchCase{"that_stop_the_same_party_never",
                              {mta(group_a), server("hello\r\n250 1\n250 2\r\n354 go\r\n"),
                               mta("text\r\n.\r\n" + mail_a)},
                              going(group_a + "text\r\n.\r\n" + mail_a)},
                    WatchCase{"that_ask_for_more_after_a_command_that_has_none",
                              {mta("XYZ\r\n"), server("354 go\r\n"), mta(mail_b)},
                              failed("421 4.5.0", "XYZ\r\n", mail_b)},
                    WatchCase{"that_ask_for_more_in_the_middle_of_a_group",
                              {mta(mail_a + rcpt), server("354 go\r\n250 2\r\n"), mta(mail_b)},
                              failed("421 4.5.0", mail_a + rcpt, mail_b)},
                    // The MTA may take it for the reply to MAIL, so that the next one would be one too many.
                    WatchCase{"that_close_unasked",
                              {server("421 4.4.2 late\r\n"), mta(mail_b)},
                              failed("421 4.5.0", "", mail_b)},
                    // There are servers that say so to one recipient, and go on.
                    WatchCase{"that_close_and_do_not",
                              {mta(mail_a + rcpt), server("250 1\r\n421 4.3.2 not now\r\n"), mta("RSET\r\n"),
                               server(ok), mta(mail_b)},
                              hand_over(mail_a + rcpt + "RSET\r\n", mail_b)},
                    WatchCase{"that_close_unasked_for_the_same_party",
                              {server("421 4.4.2 late\r\n"), mta(mail_a)},
                              going(mail_a)},
                    WatchCase{"that_close_while_another_party_waits",
                              {mta(mail_a + rcpt + mail_b), server("421-4.4.2 late\r\n421 4.4.2 bye\r\n")},
                              held(mail_a + rcpt, mail_b)}),
    name_of);

WatchOutcome bad_line(const std::string& line) {
  return failed("500 5.5.2", "", line);
}

INSTANTIATE_TEST_SUITE_P(
    Lines, Watched,
    testing::Values(
        WatchCase{"that_end_with_LF", {mta("NOOP\n")}, bad_line("NOOP\n")},
        WatchCase{"that_hold_a_CR",
                  {mta("NOOP\rMAIL FROM:<x@b.example>\r\n")},
                  bad_line("NOOP\rMAIL FROM:<x@b.example>\r\n")},
        WatchCase{"that_hold_two_CR", {mta("NOOP\r\r\n")}, bad_line("NOOP\r\r\n")},
        WatchCase{
            "that_hold_a_NUL", {mta(std::string("NO\0OP\r\n", 7))}, bad_line(std::string("NO\0OP\r\n", 7))},
        WatchCase{"of_the_greatest_length",
                  {mta(std::string(2046, 'x') + "\r\n")},
                  going(std::string(2046, 'x') + "\r\n")},
        WatchCase{"that_are_too_long", {mta(std::string(2049, 'x'))}, bad_line(std::string(2049, 'x'))},
        WatchCase{"that_are_wrong_after_a_command",
                  {mta("NOOP\r\nNOOP\n"), server(ok)},
                  failed("500 5.5.2", "NOOP\r\n", "NOOP\n")},
        WatchCase{
            "that_are_wrong_after_one_without_a_reply", {mta("NOOP\r\nNOOP\n")}, held("NOOP\r\n", "NOOP\n")},
        WatchCase{"of_STARTTLS", {mta("starttls\r\n")}, failed("421 4.7.0", "", "starttls\r\n")},
        WatchCase{"of_TURN", {mta("TURN\r\n")}, failed("421 4.7.0", "", "TURN\r\n")},
        WatchCase{"of_ATRN", {mta("ATRN a.example\r\n")}, failed("421 4.7.0", "", "ATRN a.example\r\n")},
        WatchCase{"of_XCLIENT", {mta("XCLIENT NAME=x\r\n")}, failed("503 5.5.1", "", "XCLIENT NAME=x\r\n")},
        WatchCase{
            "of_XFORWARD", {mta("xforward NAME=x\r\n")}, failed("503 5.5.1", "", "xforward NAME=x\r\n")},
        WatchCase{"that_old_servers_take_for_MAIL",
                  {mta("SOML FROM:<x@b.example>\r\n")},
                  failed("421 4.7.0", "", "SOML FROM:<x@b.example>\r\n")}),
    name_of);

WatchCase smuggling(const char* name, const std::string& passed, const std::string& rest) {
  return {name,
          {mta(group_a), server(go_on), mta(passed + rest + mail_b)},
          failed("554 5.6.0", group_a + passed, rest + mail_b)};
}

// What one server takes for the end of a message and another does not.
class Smuggled : public Watched {};

TEST_P(Smuggled, never_reaches_the_server) {
  for (std::size_t step = 1; step < 8; ++step) {
    WatchPlay play(MadeFor::a);
    for (const Turn& turn : GetParam().turns) {
      for (std::size_t at = 0; at < turn.octets.size(); at += step) {
        if (play.watch().state() == TransactionWatch::State::failed) break;  // the pump reads no more
        play.take(turn.who, std::string_view(turn.octets).substr(at, step));
      }
    }
    EXPECT_EQ(play.outcome().state, TransactionWatch::State::failed);
    EXPECT_EQ(play.outcome().passed, GetParam().want.passed) << "in pieces of " << step;
    EXPECT_EQ(play.outcome().failure, "554 5.6.0");
  }
}

INSTANTIATE_TEST_SUITE_P(Ends, Smuggled,
                         testing::Values(smuggling("LF_dot_LF", "text\n.", "\n"),      //
                                         smuggling("LF_dot_CRLF", "text\n.", "\r\n"),  //
                                         smuggling("LF_dot_CR", "text\n.", "\r"),      //
                                         smuggling("CRLF_dot_LF", "text\r\n.", "\n"),  //
                                         smuggling("CRLF_dot_CR", "text\r\n.", "\r"),  //
                                         smuggling("CR_dot_CR", "text\r.", "\r"),      //
                                         smuggling("CR_dot_LF", "text\r.", "\n"),      //
                                         smuggling("CR_dot_CRLF", "text\r.", "\r\n"),  //
                                         smuggling("CRLF_dot_CR_CRLF", "a\r\n.", "\r\r\n")),
                         name_of);

}  // namespace
}  // namespace tecs::test
