#include "milter/policy/symbol.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace tecs::test {
namespace {

struct WeightRow {
  Symbol symbol;
  const char* word;
  const char* weight;
};

// DESIGN section 5.
constexpr WeightRow table[] = {
    {Symbol::exempt, "EXEMPT", "0.0"},
    {Symbol::tecs_pass, "TECS_PASS", "-1.0"},
    {Symbol::tecs_none, "TECS_NONE", "0.5"},
    {Symbol::tecs_fail, "TECS_FAIL", "4.0"},
    {Symbol::tecs_policy, "TECS_POLICY", "1.0"},
    {Symbol::tecs_permerror, "TECS_PERMERROR", "1.0"},
    {Symbol::tecs_temperror, "TECS_TEMPERROR", "0.0"},
    {Symbol::tecs_replay, "TECS_REPLAY", "6.0"},
    {Symbol::rep_good, "REP_GOOD", "-4.0"},
    {Symbol::rep_unknown, "REP_UNKNOWN", "0.0"},
    {Symbol::rep_medium, "REP_MEDIUM", "1.0"},
    {Symbol::rep_bad, "REP_BAD", "6.0"},
    {Symbol::tecs_weak_key, "TECS_WEAK_KEY", "0.5"},
    {Symbol::tecs_dnssec, "TECS_DNSSEC", "-0.2"},
};

TEST(Symbol, has_the_name_and_the_weight_of_the_design) {
  const Weights weights;
  ASSERT_EQ(std::size(table), symbol_count);
  for (const auto& [symbol, name, weight] : table) {
    EXPECT_EQ(word(symbol), name);
    EXPECT_EQ(parse_symbol(name), symbol);
    EXPECT_EQ(weights.of(symbol).format(), weight) << name;
  }
}

TEST(Symbol, is_found_by_its_exact_name_only) {
  for (const char* const text : {"", "tecs_pass", "TECS_PASS ", "TECS_PAS", "TECS_PASS?", "PASS"}) {
    EXPECT_FALSE(parse_symbol(text)) << text;
  }
}

TEST(Symbol, gets_another_weight_without_touching_the_others) {
  Weights weights;
  weights.set(Symbol::tecs_none, *Score::parse("3.5"));
  EXPECT_EQ(weights.of(Symbol::tecs_none).format(), "3.5");
  EXPECT_EQ(weights.of(Symbol::tecs_fail).format(), "4.0");
}

}  // namespace
}  // namespace tecs::test
