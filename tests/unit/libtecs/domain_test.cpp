#include "tecs/domain.hpp"

#include <gtest/gtest.h>

namespace tecs {
namespace {

const std::string label63(63, 'a');
const std::string name253 = label63 + "." + label63 + "." + label63 + "." + std::string(61, 'b');

struct Row {
  const char* name;
  std::string text;
  bool domain;
  bool selector;
};

class Names : public testing::TestWithParam<Row> {};

TEST_P(Names, AreCheckedLabelByLabel) {
  EXPECT_EQ(Domain::parse(GetParam().text).has_value(), GetParam().domain);
  EXPECT_EQ(Selector::parse(GetParam().text).has_value(), GetParam().selector);
}

INSTANTIATE_TEST_SUITE_P(
    Table, Names,
    testing::Values(
        Row{"two_labels", "example.org", true, true}, Row{"one_label", "example", false, true},
        Row{"a_label", "xn--bcher-kva.example", true, true}, Row{"digits", "1.2", true, true},
        Row{"label_of_63", label63 + ".org", true, true},
        Row{"label_of_64", "a" + label63 + ".org", false, false}, Row{"name_of_253", name253, true, true},
        Row{"name_of_254", name253 + "b", false, false}, Row{"empty", "", false, false},
        Row{"dot", ".", false, false}, Row{"final_dot", "example.org.", false, false},
        Row{"leading_dot", ".example.org", false, false}, Row{"two_dots", "example..org", false, false},
        Row{"leading_hyphen", "-a.org", false, false}, Row{"final_hyphen", "a-.org", false, false},
        Row{"underscore", "_a.org", false, false}, Row{"space", "a b.org", false, false},
        Row{"parenthesis", "a(b).org", false, false}, Row{"line_end", "a.org\n", false, false},
        Row{"nul", std::string("a.o\0g", 5), false, false},
        Row{"u_label",
            "b\xC3\xBC"
            "cher.example",
            false, false},
        Row{"quote", "a\".org", false, false}, Row{"slash", "a/b.org", false, false},
        Row{"brace", "a{b}.org", false, false}),
    [](const auto& param) { return param.param.name; });

TEST(Domain, IsLowerCase) {
  EXPECT_EQ(Domain::parse("ExAMPLE.Org")->text(), "example.org");
  EXPECT_EQ(Domain::parse("abcdefghijklmnopqrstuvwxyz.ABCDEFGHIJKLMNOPQRSTUVWXYZ.0123456789")->text(),
            "abcdefghijklmnopqrstuvwxyz.abcdefghijklmnopqrstuvwxyz.0123456789");
}

}  // namespace
}  // namespace tecs
