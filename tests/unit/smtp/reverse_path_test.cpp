#include "smtp/reverse_path.hpp"

#include <gtest/gtest.h>

namespace tecs::test {
namespace {

struct PathRow {
  const char* name;
  std::string line;
  std::optional<std::string> want_domain;
};

class Path : public testing::TestWithParam<PathRow> {};

TEST_P(Path, is_read_by_the_letter_or_not_at_all) {
  const auto path = ReversePath::of_mail(GetParam().line);
  ASSERT_EQ(path.has_value(), GetParam().want_domain.has_value());
  if (path) {
    EXPECT_EQ(path->domain, *GetParam().want_domain);
  }
}

constexpr auto name_of = [](const auto& row) { return row.param.name; };
constexpr auto unreadable = std::nullopt;

INSTANTIATE_TEST_SUITE_P(
    Commands, Path,
    testing::Values(
        PathRow{"plain", "MAIL FROM:<a@example.org>", "example.org"},
        PathRow{"any_case", "mail From:<a@Example.ORG>", "Example.ORG"},
        PathRow{"with_parameters", "MAIL FROM:<a@example.org> SIZE=1 BODY=8BITMIME", "example.org"},
        PathRow{"parameters_like_a_path", "MAIL FROM:<a@example.org> <b@example.net>", "example.org"},
        PathRow{"blanks_after_the_colon", "MAIL FROM:  <a@example.org>", "example.org"},
        PathRow{"null", "MAIL FROM:<>", ""}, PathRow{"null_with_parameters", "MAIL FROM:<> SIZE=1", ""},
        PathRow{"tab_after_the_colon", "MAIL FROM:\t<a@example.org>", unreadable},
        PathRow{"blank_before_the_colon", "MAIL FROM :<a@example.org>", unreadable},
        PathRow{"two_blanks", "MAIL  FROM:<a@example.org>", unreadable},
        PathRow{"tab_in_the_command", "MAIL\tFROM:<a@example.org>", unreadable},
        PathRow{"blank_before_the_command", " MAIL FROM:<a@example.org>", unreadable},
        PathRow{"another_command", "RCPT TO:<a@example.org>", unreadable}, PathRow{"nothing", "", unreadable},
        PathRow{"no_path", "MAIL FROM:", unreadable},
        PathRow{"no_brackets", "MAIL FROM:a@example.org", unreadable},
        PathRow{"no_closing_bracket", "MAIL FROM:<a@example.org", unreadable},
        PathRow{"no_opening_bracket", "MAIL FROM:a@example.org>", unreadable},
        PathRow{"only_an_opening_bracket", "MAIL FROM:<", unreadable},
        PathRow{"something_behind", "MAIL FROM:<a@example.org>SIZE=1", unreadable},
        PathRow{"a_tab_behind", "MAIL FROM:<a@example.org>\tSIZE=1", unreadable},
        PathRow{"a_name_before", "MAIL FROM:A <a@example.org>", unreadable},
        PathRow{"blank_inside_null", "MAIL FROM:< >", unreadable},
        PathRow{"double_brackets", "MAIL FROM:<<a@example.org>>", unreadable}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    LocalParts, Path,
    testing::Values(
        PathRow{"atext", "MAIL FROM:<a!#$%&'*+-/=?^_`{|}~0@example.org>", "example.org"},
        PathRow{"dots", "MAIL FROM:<a.b.c@example.org>", "example.org"},
        PathRow{"quoted", "MAIL FROM:<\"a b\"@example.org>", "example.org"},
        PathRow{"quoted_brackets", "MAIL FROM:<\"a>@evil.example> <\"@example.org>", "example.org"},
        PathRow{"quoted_at", "MAIL FROM:<\"a@evil.example\"@example.org>", "example.org"},
        PathRow{"quoted_pair", "MAIL FROM:<\"a\\\"@evil.example\\\\\"@example.org>", "example.org"},
        PathRow{"quoted_empty", "MAIL FROM:<\"\"@example.org>", "example.org"},
        PathRow{"utf_8", "MAIL FROM:<\xc3\xbc@example.org> SMTPUTF8", "example.org"},
        PathRow{"utf_8_quoted", "MAIL FROM:<\"\xc3\xbc\"@example.org> SMTPUTF8", "example.org"},
        PathRow{"none", "MAIL FROM:<@example.org>", unreadable},
        PathRow{"two_at", "MAIL FROM:<a@evil.example@example.org>", unreadable},
        PathRow{"dot_first", "MAIL FROM:<.a@example.org>", unreadable},
        PathRow{"dot_last", "MAIL FROM:<a.@example.org>", unreadable},
        PathRow{"two_dots", "MAIL FROM:<a..b@example.org>", unreadable},
        PathRow{"blank", "MAIL FROM:<a b@example.org>", unreadable},
        PathRow{"comma", "MAIL FROM:<a,b@example.org>", unreadable},
        PathRow{"not_ended", "MAIL FROM:<\"a@example.org>", unreadable},
        PathRow{"quoted_with_tail", "MAIL FROM:<\"a\"b@example.org>", unreadable},
        PathRow{"backslash_at_the_end", "MAIL FROM:<\"a\\", unreadable},
        PathRow{"quoted_control", "MAIL FROM:<\"a\tb\"@example.org>", unreadable},
        PathRow{"quoted_pair_of_a_control", "MAIL FROM:<\"a\\\tb\"@example.org>", unreadable},
        PathRow{"quoted_pair_of_utf_8", "MAIL FROM:<\"\\\xc3\xbc\"@example.org>", unreadable},
        PathRow{"delete_quoted", "MAIL FROM:<\"\x7f\"@example.org>", unreadable}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Domains, Path,
    testing::Values(
        PathRow{"one_label", "MAIL FROM:<a@localhost>", "localhost"},
        PathRow{"digits_and_hyphens", "MAIL FROM:<a@4-x.0>", "4-x.0"},
        PathRow{"underscore", "MAIL FROM:<a@my_host.example.org>", "my_host.example.org"},
        PathRow{"u_labels",
                "MAIL FROM:<a@b\xc3\xbc"
                "cher.example>",
                "b\xc3\xbc"
                "cher.example"},
        PathRow{"ipv4_literal", "MAIL FROM:<a@[192.0.2.1]>", "[192.0.2.1]"},
        PathRow{"ipv6_literal", "MAIL FROM:<a@[IPv6:2001:db8::1]>", "[IPv6:2001:db8::1]"},
        PathRow{"longest", "MAIL FROM:<a@" + std::string(ReversePath::maximum_domain, 'x') + ">",
                std::string(ReversePath::maximum_domain, 'x')},
        PathRow{"too_long", "MAIL FROM:<a@" + std::string(ReversePath::maximum_domain + 1, 'x') + ">",
                unreadable},
        PathRow{"without", "MAIL FROM:<a>", unreadable}, PathRow{"empty", "MAIL FROM:<a@>", unreadable},
        PathRow{"final_dot", "MAIL FROM:<a@example.org.>", unreadable},
        PathRow{"first_dot", "MAIL FROM:<a@.example.org>", unreadable},
        PathRow{"hyphen_first", "MAIL FROM:<a@-x.example>", unreadable},
        PathRow{"hyphen_last", "MAIL FROM:<a@x-.example>", unreadable},
        PathRow{"blank_inside", "MAIL FROM:<a@example .org>", unreadable},
        PathRow{"blank_at_the_end", "MAIL FROM:<a@example.org >", unreadable},
        PathRow{"comment", "MAIL FROM:<a@example.org(x)>", unreadable},
        PathRow{"quotation_mark", "MAIL FROM:<a@\"example\".org>", unreadable},
        PathRow{"control", "MAIL FROM:<a@example\x01.org>", unreadable},
        PathRow{"literal_empty", "MAIL FROM:<a@[]>", unreadable},
        PathRow{"literal_not_ended", "MAIL FROM:<a@[192.0.2.1>", unreadable},
        PathRow{"literal_with_tail", "MAIL FROM:<a@[192.0.2.1].org>", unreadable},
        PathRow{"literal_with_bracket", "MAIL FROM:<a@[192.0.2.1>]>", unreadable},
        PathRow{"literal_too_long", "MAIL FROM:<a@[" + std::string(ReversePath::maximum_domain, '1') + "]>",
                unreadable}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    SourceRoutes, Path,
    testing::Values(PathRow{"one", "MAIL FROM:<@a.example:u@example.org>", "example.org"},
                    PathRow{"two", "MAIL FROM:<@a.example,@b.example:u@example.org>", "example.org"},
                    PathRow{"without_colon", "MAIL FROM:<@a.example,u@example.org>", unreadable},
                    PathRow{"without_at", "MAIL FROM:<@a.example,b.example:u@example.org>", unreadable},
                    PathRow{"without_mailbox", "MAIL FROM:<@a.example:>", unreadable},
                    PathRow{"empty_domain", "MAIL FROM:<@:u@example.org>", unreadable},
                    PathRow{"comma_last", "MAIL FROM:<@a.example,:u@example.org>", unreadable}),
    name_of);

}  // namespace
}  // namespace tecs::test
