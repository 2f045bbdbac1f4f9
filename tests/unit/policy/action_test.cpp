#include "milter/policy/action.hpp"

#include <gtest/gtest.h>

namespace tecs::test {
namespace {

TEST(Action, has_a_word_that_leads_back_to_it) {
  for (const auto& [action, name] : {std::pair{Action::accept, "accept"},
                                     {Action::none, "none"},
                                     {Action::delay, "delay"},
                                     {Action::greylist, "greylist"},
                                     {Action::reject, "reject"}}) {
    EXPECT_EQ(word(action), name);
    EXPECT_EQ(parse_action(name), action);
  }
  for (const char* const text : {"", "Accept", "rejects", "quarantine"})
    EXPECT_FALSE(parse_action(text)) << text;
}

TEST(PolicyMode, has_a_word_that_leads_back_to_it) {
  for (const auto& [mode, name] :
       {std::pair{PolicyMode::monitor, "monitor"}, {PolicyMode::enforce, "enforce"}}) {
    EXPECT_EQ(word(mode), name);
    EXPECT_EQ(parse_policy_mode(name), mode);
  }
  for (const char* const text : {"", "Enforce", "off"}) EXPECT_FALSE(parse_policy_mode(text)) << text;
}

}  // namespace
}  // namespace tecs::test
