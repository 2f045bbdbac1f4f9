#include "smtp/a_labels.hpp"

#include <gtest/gtest.h>

namespace tecs {
namespace {

struct Row {
  const char* name;
  std::string domain;
  std::optional<std::string> want;
};

class ALabels : public testing::TestWithParam<Row> {};

TEST_P(ALabels, are_those_of_dns) {
  EXPECT_EQ(with_a_labels(GetParam().domain), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(Rows, ALabels,
                         testing::Values(Row{"none", "", ""},
                                         Row{"ascii_to_the_octet", "A_b.Example.", "A_b.Example."},
                                         Row{"address", "[192.0.2.1]", "[192.0.2.1]"},
                                         Row{"one", "ü.example", "xn--tda.example"},
                                         Row{"any_case", "Ü.EXAMPLE", "xn--tda.example"},
                                         Row{"composed", "u\u0308.example", "xn--tda.example"},
                                         Row{"all", "bücher.例え", "xn--bcher-kva.xn--r8jz45g"},
                                         Row{"sharp_s", "straße.example", "xn--strae-oqa.example"},
                                         Row{"full_width", "ａ。example", "a.example"},
                                         Row{"no_utf_8", "\xfc.example", std::nullopt},
                                         Row{"overlong_utf_8", "\xc1\xa1.example", std::nullopt},
                                         Row{"half_a_character", "\xc3", std::nullopt},
                                         Row{"nothing_left", "\u00ad", std::nullopt},
                                         Row{"not_allowed", "\u2603.example", std::nullopt},
                                         Row{"right_to_left_override", "\u202ea.example", std::nullopt},
                                         Row{"long_label", std::string(63, 'a') + "ü.example", std::nullopt}),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace tecs
