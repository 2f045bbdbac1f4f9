#include "signer/identity_choice.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "unit/signer/dialogue_setup.hpp"

namespace tecs::test {
namespace {

const char* const undecided = "undecided";

// What identity_of() made, as the tables below name it.
std::string name_of(const std::optional<Identity>& identity) {
  if (!identity) return undecided;
  return *identity ? (*identity)->domain().text() : "unsigned";
}

struct ChoiceRow {
  const char* name;
  std::vector<std::string> matches;  // each answered for by example.N, N counted from 0
  const char* want_at_connect;
  const char* want_at_hello;
  const char* want_at_mail;
};

class Choice : public testing::TestWithParam<ChoiceRow> {};

TEST_P(Choice, is_made_as_early_as_it_can_be) {
  IdentityTable table;
  int count = 0;
  for (const std::string& match : GetParam().matches) {
    ASSERT_TRUE(
        table.add(*IdentityMatch::parse(match), identity_of("example." + std::to_string(count++) + "x")));
  }
  const IdentityChoice choice = choice_among(table);
  EXPECT_EQ(name_of(choice.at_connect()), GetParam().want_at_connect);
  EXPECT_EQ(name_of(choice.at_hello("Relay.example.org")), GetParam().want_at_hello);
  EXPECT_EQ(name_of(choice.at_mail("MAIL FROM:<x@a.example> SIZE=1")), GetParam().want_at_mail);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, Choice,
    testing::Values(
        ChoiceRow{"nothing", {}, "unsigned", "unsigned", "unsigned"},
        ChoiceRow{"only_default", {"default"}, "example.0x", "example.0x", "example.0x"},
        ChoiceRow{"listener_before_source",
                  {"source:192.0.2.1", "listener:127.0.0.1:10025", "default"},
                  "example.1x",
                  "example.1x",
                  "example.2x"},
        ChoiceRow{
            "other_listener", {"listener:127.0.0.1:25", "default"}, "example.1x", "example.1x", "example.1x"},
        ChoiceRow{"source_before_helo",
                  {"source:192.0.2.0/24", "helo:relay.example.org"},
                  "example.0x",
                  "example.0x",
                  "unsigned"},
        ChoiceRow{"helo",
                  {"helo:relay.example.org", "sender:a.example", "default"},
                  undecided,
                  "example.0x",
                  "example.1x"},
        ChoiceRow{
            "helo_of_another", {"helo:other.example.org", "default"}, undecided, "example.1x", "example.1x"},
        ChoiceRow{"sender", {"sender:a.example", "default"}, undecided, undecided, "example.0x"},
        ChoiceRow{"sender_of_another", {"sender:<>", "default"}, undecided, undecided, "example.1x"}),
    [](const auto& row) { return row.param.name; });

TEST(IdentityChoice, knows_a_name_in_utf_8) {
  IdentityTable table(identity_of("example.org"));
  ASSERT_TRUE(table.add(*IdentityMatch::parse("sender:xn--tda.example"), identity_of("u.example")));
  const IdentityChoice choice = choice_among(table);
  EXPECT_EQ(name_of(choice.at_mail("MAIL FROM:<x@ü.example> SMTPUTF8")), "u.example");
  EXPECT_EQ(name_of(choice.at_mail("MAIL FROM:<x@ä.example> SMTPUTF8")), "example.org");
  EXPECT_EQ(name_of(choice.at_mail("MAIL FROM:<x@\xfc.example> SMTPUTF8")), "unsigned") << "no UTF-8";
  EXPECT_EQ(name_of(choice.at_mail("MAIL FROM:<x@­> SMTPUTF8")), "unsigned") << "not the null sender";
}

TEST(IdentityChoice, lets_nobody_answer_for_a_sender_that_cannot_be_read) {
  IdentityTable table(identity_of("example.org"));
  ASSERT_TRUE(table.add(*IdentityMatch::parse("sender:a.example"), identity_of("a.example")));
  const IdentityChoice choice = choice_among(table);
  EXPECT_EQ(name_of(choice.at_mail("MAIL FROM:x@a.example")), "unsigned");
  EXPECT_EQ(name_of(choice.at_mail("MAIL FROM:<x>")), "unsigned");
  EXPECT_EQ(name_of(choice.at_mail("MAIL FROM:<>")), "example.org");
}

}  // namespace
}  // namespace tecs::test
