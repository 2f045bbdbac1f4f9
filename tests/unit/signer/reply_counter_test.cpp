#include "signer/reply_counter.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tecs {
namespace {

struct Outcome {
  std::vector<int> codes;
  bool certain = true;
  bool within = false;
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

Outcome play(const std::vector<std::string>& pieces) {
  ReplyCounter counter;
  Outcome outcome;
  for (const std::string& piece : pieces) {
    counter.read(piece, [&outcome](int code) { outcome.codes.push_back(code); });
  }
  outcome.certain = counter.certain();
  outcome.within = counter.within_reply();
  return outcome;
}

struct Case {
  const char* name;
  std::string octets;
  Outcome want;
};

class RepliesOf : public testing::TestWithParam<Case> {};

TEST_P(RepliesOf, are_counted_however_they_are_cut) {
  const auto& [name, octets, want] = GetParam();
  EXPECT_EQ(play({octets}), want);
  for (std::size_t cut = 0; cut <= octets.size(); ++cut) {
    EXPECT_EQ(play({octets.substr(0, cut), octets.substr(cut)}), want) << "cut at " << cut;
  }
  std::vector<std::string> single;
  for (const char octet : octets) single.emplace_back(1, octet);
  EXPECT_EQ(play(single), want) << "in single octets";
}

INSTANTIATE_TEST_SUITE_P(
    Octets, RepliesOf,
    testing::Values(Case{"none", "", {}},                                                           //
                    Case{"one", "250 2.1.0 Ok\r\n", {{250}}},                                       //
                    Case{"several", "250 a\r\n354 b\r\n550 c\r\n", {{250, 354, 550}}},              //
                    Case{"of_several_lines", "250-a\r\n250-\r\n250 c\r\n221 d\r\n", {{250, 221}}},  //
                    Case{"without_text", "250\r\n250-\r\n250\r\n", {{250, 250}}},                   //
                    Case{"begun_line", "250 a\r\n25", {{250}, true, true}},                         //
                    Case{"begun_reply", "250-a\r\n", {{}, true, true}},                             //
                    Case{"begun_end_of_a_line", "250 a\r", {{}, true, true}},                       //
                    Case{"bare_LF", "250-a\n250 b\n", {{250}, false}},                              //
                    Case{"bare_LF_without_text", "250\n", {{250}, false}},                          //
                    Case{"bare_CR", "250 a\rb\r\n", {{250}, false}},                                //
                    Case{"two_CR", "250 a\r\r\n", {{250}, false}},                                  //
                    Case{"NUL", std::string("250 a\0b\r\n", 9), {{250}, false}},                    //
                    Case{"different_codes", "250-a\r\n251 b\r\n", {{251}, false}},                  //
                    Case{"text", "hello\r\n250 a\r\n", {{250}, false}},                             //
                    Case{"an_empty_line", "\r\n250 a\r\n", {{250}, false}},                         //
                    Case{"two_digits", "25\r\n", {{}, false}},                                      //
                    Case{"four_digits", "2500 a\r\n", {{}, false}},                                 //
                    Case{"code_199", "199 a\r\n", {{}, false}},                                     //
                    Case{"code_600", "600 a\r\n", {{}, false}},                                     //
                    Case{"a_long_line", "250 " + std::string(100'000 / 100, 'x') + "\r\n", {{250}}}),
    [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace tecs
