#include "signer/message_end.hpp"

#include <gtest/gtest.h>

#include <string>

namespace tecs {
namespace {

using Found = MessageEnd::Found;

struct Outcome {
  Found found = Found::nothing;
  std::size_t octets = 0;
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

// What is not passed on is offered again with the next piece.
Outcome play(const std::vector<std::string>& pieces) {
  MessageEnd end;
  Outcome outcome;
  std::string offered;
  for (const std::string& piece : pieces) {
    offered += piece;
    const MessageEnd::Step step = end.next(offered);
    outcome.octets += step.octets;
    outcome.found = step.found;
    if (step.found != Found::nothing) break;
    offered.erase(0, step.octets);
  }
  return outcome;
}

struct Case {
  const char* name;
  std::string message;
  Found want;
  std::size_t want_octets;
};

class MessageEndOf : public testing::TestWithParam<Case> {};

TEST_P(MessageEndOf, is_found_however_the_message_is_cut) {
  const auto& [name, message, want, want_octets] = GetParam();
  const Outcome wanted{want, want_octets};
  EXPECT_EQ(play({message}), wanted) << "whole";
  for (std::size_t cut = 0; cut <= message.size(); ++cut) {
    EXPECT_EQ(play({message.substr(0, cut), message.substr(cut)}), wanted) << "cut at " << cut;
    for (std::size_t next = cut; next <= message.size(); ++next) {
      EXPECT_EQ(play({message.substr(0, cut), message.substr(cut, next - cut), message.substr(next)}), wanted)
          << "cut at " << cut << " and " << next;
    }
  }
  std::vector<std::string> single;
  for (const char octet : message) single.emplace_back(1, octet);
  EXPECT_EQ(play(single), wanted) << "in single octets";
}

INSTANTIATE_TEST_SUITE_P(
    Messages, MessageEndOf,
    testing::Values(
        Case{"of_one_line", "text\r\n.\r\n", Found::end, 9},                                           //
        Case{"without_any_line", ".\r\n", Found::end, 3},                                              //
        Case{"of_an_empty_line", "\r\n.\r\n", Found::end, 5},                                          //
        Case{"with_commands_behind_it", "a\r\n.\r\nMAIL FROM:<>\r\n.\r\n", Found::end, 6},             //
        Case{"with_stuffed_dots", "..\r\n..a\r\n.b\r\n...\r\n.\r\n", Found::end, 21},                  //
        Case{"with_dots_in_lines", "a.\r\nb.c.\r\n. \r\n.", Found::nothing, 15},                       //
        Case{"with_bare_ends_of_lines_and_no_dot", "a\nb\rc\r\rd\n\n\r\n.\r\n", Found::end, 15},       //
        Case{"with_dots_between_bare_ends_and_text", "a\n.b\r.c\n..\n\r..\r\n.\r\n", Found::end, 19},  //
        Case{"after_two_CR", "a\r\r\n.\r\n", Found::end, 7},                                           //
        Case{"not_there", "text\r\n.", Found::nothing, 7},                                             //
        Case{"not_quite_there", "text\r\n.\r", Found::nothing, 7},                                     //
        Case{"LF_dot_LF", "a\n.\nb", Found::ambiguous, 3},                                             //
        Case{"LF_dot_CRLF", "a\n.\r\nb", Found::ambiguous, 3},                                         //
        Case{"LF_dot_CR", "a\n.\rb", Found::ambiguous, 3},                                             //
        Case{"CRLF_dot_LF", "a\r\n.\nb", Found::ambiguous, 4},                                         //
        Case{"CRLF_dot_CR", "a\r\n.\rb", Found::ambiguous, 4},                                         //
        Case{"CRLF_dot_CR_CRLF", "a\r\n.\r\r\nb", Found::ambiguous, 4},                                //
        Case{"CR_dot_CR", "a\r.\rb", Found::ambiguous, 3},                                             //
        Case{"CR_dot_CRLF", "a\r.\r\nb", Found::ambiguous, 3},                                         //
        Case{"CR_dot_LF", "a\r.\nb", Found::ambiguous, 3},                                             //
        Case{"LF_CR_dot_CRLF", "a\n\r.\r\nb", Found::ambiguous, 4},                                    //
        Case{"LF_LF_dot_CRLF", "a\n\n.\r\nb", Found::ambiguous, 4},                                    //
        Case{"CRLF_LF_dot_CRLF", "a\r\n\n.\r\nb", Found::ambiguous, 5},                                //
        Case{"CRLF_CR_dot_CRLF", "a\r\n\r.\r\nb", Found::ambiguous, 5},                                //
        Case{"LF_CRLF_dot_CRLF", "a\n\r\n.\r\n", Found::end, 7},                                       //
        Case{"dot_LF_first", ".\na", Found::ambiguous, 1},                                             //
        Case{"dot_CR_first", ".\ra", Found::ambiguous, 1},                                             //
        Case{"LF_first", "\n.\r\n", Found::ambiguous, 2},                                              //
        Case{"CR_first", "\r.\r\n", Found::ambiguous, 2},                                              //
        Case{"NUL", std::string("\0\r\n.\0\r\n\0.\r\n.\r\n", 14), Found::end, 14}),                    //
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(MessageEnd, passes_on_long_texts_without_a_dot_at_once) {
  MessageEnd end;
  const std::string text(100'000, 'x');
  const MessageEnd::Step step = end.next(text);
  EXPECT_EQ(step.found, Found::nothing);
  EXPECT_EQ(step.octets, text.size());
  EXPECT_EQ(end.next("\r\n.\r\n").found, Found::end);
}

}  // namespace
}  // namespace tecs
