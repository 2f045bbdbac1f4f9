#include "tecs/nat_rule.hpp"

#include <gtest/gtest.h>

namespace tecs::test {
namespace {

struct RuleRow {
  const char* name;
  const char* rule;
  const char* source;
  bool want_challenge;
};

class Rule : public testing::TestWithParam<RuleRow> {};

TEST_P(Rule, decides_by_the_own_source_address) {
  const auto rule = NatRule::parse(GetParam().rule);
  ASSERT_TRUE(rule) << rule.error().sentence;
  EXPECT_EQ(rule->asks_for_challenge(*IpAddress::parse(GetParam().source)), GetParam().want_challenge);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, Rule,
    testing::Values(RuleRow{"never", "never", "10.0.0.1", false},
                    RuleRow{"always", "always", "2001:db8::1", true},
                    RuleRow{"inside", "10.0.0.0/8", "10.1.2.3", true},
                    RuleRow{"outside", "10.0.0.0/8", "11.0.0.1", false},
                    RuleRow{"one_address", "192.0.2.1", "192.0.2.1", true},
                    RuleRow{"second_after_a_comma", "10.0.0.0/8,fd00::/8", "fd00::1", true},
                    RuleRow{"second_after_a_blank", "10.0.0.0/8 fd00::/8", "fd00::1", true},
                    RuleRow{"second_after_both", " 10.0.0.0/8,\t 192.168.0.0/16 , ", "192.168.7.1", true},
                    RuleRow{"mapped_is_ipv4", "10.0.0.0/8", "::ffff:10.0.0.1", true},
                    RuleRow{"other_family", "0.0.0.0/0", "2001:db8::1", false}),
    [](const auto& row) { return row.param.name; });

TEST(NatRule, is_never_unless_said) {
  EXPECT_FALSE(NatRule().asks_for_challenge(*IpAddress::parse("10.0.0.1")));
}

class BadRule : public testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(BadRule, is_refused_with_what_it_should_have_been) {
  const auto rule = NatRule::parse(GetParam().second);
  ASSERT_FALSE(rule);
  EXPECT_EQ(rule.error().reason, Reason::bad_option);
  EXPECT_TRUE(rule.error().sentence.starts_with("neither never, always nor networks"))
      << rule.error().sentence;
}

using Row = std::pair<const char*, const char*>;
INSTANTIATE_TEST_SUITE_P(Rows, BadRule,
                         testing::Values(Row{"nothing", ""}, Row{"separators_only", " , "},
                                         Row{"another_word", "sometimes"}, Row{"word_in_capitals", "Always"},
                                         Row{"a_word_among_networks", "10.0.0.0/8, always"},
                                         Row{"bits_outside_the_network", "10.0.0.1/8"}),
                         [](const auto& row) { return row.param.first; });

}  // namespace
}  // namespace tecs::test
