#include "milter/policy/x_tecs_field.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace tecs::test {
namespace {

TEST(XTecsField, reads_as_documented) {
  Judgement judgement{*Score::parse("-5.2"),
                      {{Symbol::tecs_pass, true}, {Symbol::rep_good, true}, {Symbol::tecs_dnssec, true}},
                      Action::accept};
  EXPECT_EQ(format_x_tecs(judgement, PolicyMode::enforce),
            "score=-5.2 action=accept symbols=TECS_PASS,REP_GOOD,TECS_DNSSEC\n\tmode=enforce");
  judgement = Judgement{*Score::parse("0"), {{Symbol::tecs_fail, false}}, Action::none};
  EXPECT_EQ(format_x_tecs(judgement, PolicyMode::monitor),
            "score=0.0 action=none symbols=TECS_FAIL? mode=monitor");
}

// The longest names of those that can fire together.
TEST(XTecsField, has_no_line_longer_than_78_octets) {
  Judgement judgement{Score::of_thousandths(-1'000'125), {}, Action::greylist};
  for (const Symbol symbol :
       {Symbol::exempt, Symbol::tecs_pass, Symbol::rep_unknown, Symbol::tecs_weak_key, Symbol::tecs_dnssec}) {
    judgement.symbols.push_back({symbol, false});
    std::istringstream lines("X-TECS: " + format_x_tecs(judgement, PolicyMode::enforce));
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 78U) << line;
  }
}

}  // namespace
}  // namespace tecs::test
