#include "signer/transaction_watch.hpp"

#include "unit/signer/watch_play.hpp"

namespace tecs::test {
namespace {

INSTANTIATE_TEST_SUITE_P(
    Transactions, Watched,
    testing::Values(
        WatchCase{"nothing", {}, going("")},  //
        WatchCase{"a_command_that_has_begun", {mta("MAIL FROM:<x@a.exam")}, going("", "MAIL FROM:<x@a.exam")},
        WatchCase{"the_same_party", {mta(mail_a), server(ok)}, going(mail_a)},
        WatchCase{"one_identity_of_two_senders",
                  {mta(mail_a), server(ok), mta("RSET\r\n" + mail_c)},
                  going(mail_a + "RSET\r\n" + mail_c)},
        WatchCase{
            "the_default_for_the_null_reverse_path", {mta("MAIL FROM:<>\r\n")}, going("MAIL FROM:<>\r\n")},
        WatchCase{"any_command",
                  {mta("NOOP\r\nVRFY x\r\nHELP\r\nXYZ a b\r\n\r\nEXPN y\r\nQUIT\r\n")},
                  going("NOOP\r\nVRFY x\r\nHELP\r\nXYZ a b\r\n\r\nEXPN y\r\nQUIT\r\n")},
        WatchCase{"DATA_holds_what_follows", {mta(group_a + "text\r\n")}, held(group_a, "text\r\n")},
        WatchCase{"DATA_holds_until_its_own_reply",
                  {mta(group_a + "text\r\n"), server("250 1\r\n250-2\r\n250 2\r\n")},
                  held(group_a, "text\r\n")},
        WatchCase{"a_message_sent_ahead",
                  {mta(group_a + "text\r\n.\r\n" + rcpt), server(go_on)},
                  going(group_a + "text\r\n.\r\n" + rcpt)},
        WatchCase{"a_message",
                  {mta(group_a), server(go_on), mta("text\r\n" + mail_b + "..\r\n.")},
                  going(group_a + "text\r\n" + mail_b + "..\r\n.")},
        WatchCase{"a_message_without_lines",
                  {mta(group_a), server(go_on), mta(".\r\nNOOP\r\n")},
                  going(group_a + ".\r\nNOOP\r\n")},
        WatchCase{"all_recipients_refused_and_DATA_not",
                  {mta(group_a), server("250 1\r\n550 2\r\n354 go\r\n"), mta(".\r\nRSET\r\n")},
                  going(group_a + ".\r\nRSET\r\n")},
        WatchCase{"DATA_refused",
                  {mta(group_a), server("250 1\r\n550 2\r\n554 no\r\n"), mta("RSET\r\n")},
                  going(group_a + "RSET\r\n")},
        WatchCase{"DATA_refused_then_another_party",
                  {mta(group_a), server("250 1\r\n550 2\r\n554-no\r\n554 no\r\n"), mta(mail_b)},
                  hand_over(group_a, mail_b)},
        WatchCase{"DATA_in_other_letters", {mta("dAtA\r\nx")}, held("dAtA\r\n", "x")},
        WatchCase{"DATA_with_more_behind_it", {mta("DATA x\r\nx")}, held("DATA x\r\n", "x")},
        WatchCase{"what_is_not_DATA", {mta("DATAX\r\nNOOP\r\n")}, going("DATAX\r\nNOOP\r\n")},
        WatchCase{"a_message_refused_in_its_middle",
                  {mta(group_a), server(go_on), mta("text\r\n"), server("552 too big\r\n"),
                   mta("more\r\n.\r\n" + mail_b)},
                  hand_over(group_a + "text\r\nmore\r\n.\r\n", mail_b)},
        WatchCase{"a_message_refused_in_its_middle_and_the_next_one",
                  {mta(group_a), server(go_on), mta("text\r\n"), server("552 too big\r\n"),
                   mta("more\r\n.\r\n" + group_a), server(go_on), mta("text")},
                  going(group_a + "text\r\nmore\r\n.\r\n" + group_a + "text")}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Parties, Watched,
    testing::Values(
        WatchCase{"another_one_first", {mta(mail_b)}, hand_over("", mail_b)},
        WatchCase{"another_one_waits_for_replies", {mta("RSET\r\n" + group_b)}, held("RSET\r\n", group_b)},
        WatchCase{"another_one_after_the_reply",
                  {mta("RSET\r\n" + group_b), server("250 ok\r\n")},
                  hand_over("RSET\r\n", group_b)},
        WatchCase{"another_one_in_the_middle_of_a_reply",
                  {mta("RSET\r\n" + group_b), server("250-ok\r\n250 o")},
                  held("RSET\r\n", group_b)},
        WatchCase{
            "another_one_behind_the_message",
            {mta(group_a), server(go_on), mta("text\r\n.\r\n" + group_b), server("250-ok\r\n250 ok\r\n")},
            hand_over(group_a + "text\r\n.\r\n", group_b)},
        WatchCase{"another_one_behind_the_message_whose_reply_is_awaited",
                  {mta(group_a), server(go_on), mta("text\r\n.\r\n" + group_b)},
                  held(group_a + "text\r\n.\r\n", group_b)},
        WatchCase{"another_one_after_a_refused_MAIL",
                  {mta(mail_a), server("550 no\r\n"), mta(mail_b)},
                  hand_over(mail_a, mail_b)},
        WatchCase{"another_one_pipelined_behind_MAIL",
                  {mta(mail_a + mail_b), server("550 no\r\n")},
                  hand_over(mail_a, mail_b)},
        WatchCase{"the_same_one_again_and_again",
                  {mta(group_a), server(go_on), mta(".\r\n" + group_a), server(ok + go_on),
                   mta(".\r\n" + group_a), server(ok + go_on), mta(".\r\n" + group_a)},
                  held(group_a + ".\r\n" + group_a + ".\r\n" + group_a + ".\r\n" + group_a)},
        WatchCase{"one_that_is_not_signed", {mta(mail_none)}, hand_over("", mail_none)},
        WatchCase{
            "one_that_is_not_signed_on_its_connection", {mta(mail_none)}, going(mail_none), MadeFor::nobody},
        WatchCase{"one_that_is_signed_on_the_connection_of_nobody",
                  {mta(mail_a)},
                  hand_over("", mail_a),
                  MadeFor::nobody},
        WatchCase{"a_reverse_path_that_cannot_be_read",
                  {mta("MAIL FROM:x@a.example\r\n")},
                  hand_over("", "MAIL FROM:x@a.example\r\n")},
        WatchCase{"a_reverse_path_that_cannot_be_read_for_nobody",
                  {mta("MAIL FROM:x@a.example\r\n")},
                  going("MAIL FROM:x@a.example\r\n"),
                  MadeFor::nobody},
        WatchCase{"MAIL_behind_blanks",
                  {mta(" \t mail from:<x@b.example>\r\n")},
                  hand_over("", " \t mail from:<x@b.example>\r\n")},
        WatchCase{"MAIL_and_a_tab",
                  {mta("MAIL\tFROM:<x@b.example>\r\n")},
                  hand_over("", "MAIL\tFROM:<x@b.example>\r\n")},
        WatchCase{"whatever_the_sender_by_the_name_in_EHLO",
                  {mta(mail_a), server(ok)},
                  going(mail_a),
                  MadeFor::b_by_hello}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Hellos, Watched,
    testing::Values(WatchCase{"hold_what_follows",
                              {mta("EHLO b.example\r\n" + mail_a), server("250-x\r\n")},
                              held("EHLO b.example\r\n", mail_a)},
                    WatchCase{"EHLO_as_another_one",
                              {mta("EHLO b.example\r\n" + mail_a), server("250-x\r\n250 SIZE\r\n")},
                              hand_over("EHLO b.example\r\n", mail_a)},
                    WatchCase{"HELO_as_another_one",
                              {mta("helo b.example\r\n" + mail_a), server(ok)},
                              hand_over("helo b.example\r\n", mail_a)},
                    WatchCase{"behind_a_blank",
                              {mta(" EHLO b.example\r\n" + mail_a), server(ok)},
                              hand_over(" EHLO b.example\r\n", mail_a)},
                    WatchCase{"with_any_name",
                              {mta("EHLO z.example\r\n" + mail_a), server(ok)},
                              going("EHLO z.example\r\n" + mail_a)},
                    WatchCase{"with_any_name_after_one_that_decided",
                              {mta("EHLO z.example\r\n" + mail_a), server(ok)},
                              hand_over("EHLO z.example\r\n", mail_a),
                              MadeFor::b_by_hello},
                    WatchCase{"with_any_name_and_the_same_party_after_one_that_decided",
                              {mta("EHLO z.example\r\n" + mail_b), server(ok)},
                              going("EHLO z.example\r\n" + mail_b),
                              MadeFor::b_by_hello},
                    WatchCase{"refused",
                              {mta("EHLO b.example\r\n" + mail_a), server("550-no\r\n550 no\r\n")},
                              going("EHLO b.example\r\n" + mail_a)},
                    WatchCase{"refused_after_one_that_decided",
                              {mta("HELO z.example\r\n" + mail_a), server("502 no\r\n")},
                              going("HELO z.example\r\n" + mail_a),
                              MadeFor::b_by_hello},
                    WatchCase{"behind_a_command_that_is_refused",
                              {mta("XYZ\r\nEHLO b.example\r\n" + mail_a), server("500 no\r\n")},
                              held("XYZ\r\nEHLO b.example\r\n", mail_a)},
                    WatchCase{"behind_another_that_is_refused",
                              {mta("EHLO z.example\r\nEHLO b.example\r\n" + mail_a), server("500 no\r\n"),
                               server(ok)},
                              hand_over("EHLO z.example\r\nEHLO b.example\r\n", mail_a)},
                    WatchCase{"whose_reply_cannot_be_read",
                              {mta("EHLO b.example\r\n" + mail_a), server("hello\r\n")},
                              failed("421 4.5.0", "EHLO b.example\r\n", mail_a)},
                    WatchCase{"whose_reply_has_two_codes",
                              {mta("EHLO b.example\r\n" + mail_a), server("250-x\r\n550 y\r\n")},
                              failed("421 4.5.0", "EHLO b.example\r\n", mail_a)}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Chunks, Watched,
    testing::Values(
        WatchCase{"one", {mta("BDAT 5\r\nMAIL " + mail_b), server(ok)}, hand_over("BDAT 5\r\nMAIL ", mail_b)},
        WatchCase{
            "of_which_one_octet_is_missing", {mta("BDAT 6 LAST\r\nMAIL ")}, going("BDAT 6 LAST\r\nMAIL ")},
        WatchCase{"of_any_octets",
                  {mta("BDAT 9 LAST\r\n\r\n.\r\n.\r.\nNOOP\r\n")},
                  going("BDAT 9 LAST\r\n\r\n.\r\n.\r.\nNOOP\r\n")},
        WatchCase{"several_pipelined",
                  {mta("BDAT 2\r\na\nBDAT 1\r\nbBDAT 0 last\r\n" + mail_b), server(ok + ok + ok)},
                  hand_over("BDAT 2\r\na\nBDAT 1\r\nbBDAT 0 last\r\n", mail_b)},
        WatchCase{"whose_last_reply_is_missing",
                  {mta("BDAT 2\r\na\nBDAT 0 LAST\r\n" + mail_b), server(ok)},
                  held("BDAT 2\r\na\nBDAT 0 LAST\r\n", mail_b)},
        // RFC 3030 section 2: the octets come all the same.
        WatchCase{"refused_before_its_octets",
                  {mta("BDAT 99\r\n"), server("503 no\r\n"), mta(mail_b)},
                  going("BDAT 99\r\n" + mail_b)},
        WatchCase{"of_the_largest_size",
                  {mta("BDAT 999999999999999999\r\n" + mail_b)},
                  going("BDAT 999999999999999999\r\n" + mail_b)},
        WatchCase{"of_an_absurd_size",
                  {mta("BDAT 1000000000000000000\r\nx")},
                  failed("501 5.5.4", "", "BDAT 1000000000000000000\r\nx")},
        WatchCase{"of_a_size_that_overflows",
                  {mta("BDAT 18446744073709551617\r\nx")},
                  failed("501 5.5.4", "", "BDAT 18446744073709551617\r\nx")},
        WatchCase{"of_a_negative_size", {mta("BDAT -1\r\n")}, failed("501 5.5.4", "", "BDAT -1\r\n")},
        WatchCase{"of_a_size_with_a_sign", {mta("BDAT +1\r\n")}, failed("501 5.5.4", "", "BDAT +1\r\n")},
        WatchCase{"of_a_hexadecimal_size", {mta("BDAT 0x10\r\n")}, failed("501 5.5.4", "", "BDAT 0x10\r\n")},
        WatchCase{"of_no_size", {mta("BDAT\r\n")}, failed("501 5.5.4", "", "BDAT\r\n")},
        WatchCase{"of_a_blank_size", {mta("BDAT  LAST\r\n")}, failed("501 5.5.4", "", "BDAT  LAST\r\n")},
        WatchCase{"of_two_sizes", {mta("BDAT 1 2\r\n")}, failed("501 5.5.4", "", "BDAT 1 2\r\n")},
        WatchCase{"with_a_tab", {mta("BDAT\t1\r\n")}, failed("501 5.5.4", "", "BDAT\t1\r\n")},
        WatchCase{
            "with_another_word", {mta("BDAT 1 FIRST\r\n")}, failed("501 5.5.4", "", "BDAT 1 FIRST\r\n")},
        WatchCase{
            "with_a_word_too_many", {mta("BDAT 1 LAST x\r\n")}, failed("501 5.5.4", "", "BDAT 1 LAST x\r\n")},
        WatchCase{"with_an_error_behind_a_reply_that_is_awaited",
                  {mta("NOOP\r\nBDAT x\r\n")},
                  held("NOOP\r\n", "BDAT x\r\n")},
        WatchCase{"with_an_error_behind_a_reply_that_came",
                  {mta("NOOP\r\nBDAT x\r\n"), server(ok)},
                  failed("501 5.5.4", "NOOP\r\n", "BDAT x\r\n")}),
    name_of);

TEST(TransactionWatch, knows_when_nothing_is_under_way) {
  WatchPlay play(MadeFor::a);
  const auto idle = [&play] { return play.watch().between_transactions(); };
  EXPECT_TRUE(idle());
  play.take(Who::mta, mail_a);
  EXPECT_FALSE(idle());
  play.take(Who::server, ok);
  EXPECT_FALSE(idle()) << "a transaction is open";
  play.take(Who::mta, rcpt + "DATA\r\n");
  play.take(Who::server, "250 2\r\n354 go\r\n");
  play.take(Who::mta, "text\r\n.\r\n");
  EXPECT_FALSE(idle()) << "the server has not taken it";
  play.take(Who::server, "250-taken\r\n");
  EXPECT_FALSE(idle());
  play.take(Who::server, "250 taken\r\n");
  EXPECT_TRUE(idle());
  play.take(Who::mta, mail_a + "BDAT 4 LAST\r\n");
  play.take(Who::server, ok);
  EXPECT_FALSE(idle());
  play.take(Who::mta, "text");
  play.take(Who::server, ok);
  EXPECT_TRUE(idle());
  play.take(Who::mta, mail_a + "RSET\r\n");
  play.take(Who::server, ok + ok);
  EXPECT_TRUE(idle());
  play.take(Who::server, "421 bye\r\n");
  EXPECT_FALSE(idle()) << "the MTA has been told already";
}

TEST(TransactionWatch, does_not_take_MAIL_behind_the_end_of_a_transaction_for_its_end) {
  WatchPlay play(MadeFor::a);
  play.take(Who::mta, "RSET\r\n" + mail_a);
  play.take(Who::server, ok + ok);
  EXPECT_FALSE(play.watch().between_transactions());
}

TEST(TransactionWatch, sees_one_reply_too_many_while_another_party_waits) {
  WatchPlay play(MadeFor::a);
  play.take(Who::mta, "NOOP\r\n" + mail_b);
  play.take(Who::server, ok + ok);
  EXPECT_EQ(play.outcome(), failed("421 4.5.0", "NOOP\r\n", mail_b));
}

TEST(TransactionWatch, does_not_take_a_refused_EHLO_for_the_end_of_a_transaction) {
  WatchPlay play(MadeFor::a);
  play.take(Who::mta, mail_a + "EHLO z.example\r\n");
  play.take(Who::server, ok + "502 no\r\n");
  EXPECT_FALSE(play.watch().between_transactions());
  play.take(Who::mta, "EHLO z.example\r\n");
  play.take(Who::server, ok);
  EXPECT_TRUE(play.watch().between_transactions());
}

TEST(TransactionWatch, lets_the_mta_hear_all_but_what_is_hidden_of_another_EHLO) {
  const std::string said = "NOOP\r\nEHLO z.example\r\n";
  const std::string replies =
      "214-1\r\n214 2\r\n250-mx\r\n250-STARTTLS\r\n250-XCLIENT\r\n250 AUTH TECS-1 PLAIN\r\n421 late\r\n";
  for (std::size_t cut = 0; cut < replies.size(); ++cut) {
    WatchPlay play(MadeFor::nobody);
    play.take(Who::mta, said);
    play.take(Who::server, replies.substr(0, cut));
    play.take(Who::server, replies.substr(cut));
    EXPECT_EQ(play.heard(), "214-1\r\n214 2\r\n250-mx\r\n250 AUTH PLAIN\r\n421 late\r\n") << "cut at " << cut;
  }
}

TEST(TransactionWatch, lets_the_mta_hear_nothing_of_a_reply_to_EHLO_that_breaks_off) {
  WatchPlay play(MadeFor::a);
  play.take(Who::mta, "NOOP\r\nEHLO z.example\r\n");
  play.take(Who::server, ok + "250-mx\r\n250-XCLI\rENT\r\n");
  EXPECT_EQ(play.outcome(), failed("421 4.5.0", "NOOP\r\nEHLO z.example\r\n", ""));
  play.take(Who::server, "250 AUTH TECS-1\r\n");
  EXPECT_EQ(play.heard(), ok);
}

}  // namespace
}  // namespace tecs::test
