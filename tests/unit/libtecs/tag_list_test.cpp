#include "tecs/tag_list.hpp"

#include <gtest/gtest.h>

#include <string>

namespace tecs {
namespace {

struct Row {
  const char* name;
  std::string_view text;
  std::optional<std::string_view> want;  // "name=value|name=value"; empty: refused
};

class TagListText : public testing::TestWithParam<Row> {};

TEST_P(TagListText, Parses) {
  const auto list = TagList::parse(GetParam().text);
  ASSERT_EQ(list.has_value(), GetParam().want.has_value());
  if (!list) return;
  std::string shown;
  for (const TagList::Tag& tag : list->tags()) {
    if (!shown.empty()) shown += '|';
    shown.append(tag.name).append("=").append(tag.value);
  }
  EXPECT_EQ(shown, *GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Table, TagListText,
    testing::Values(Row{"one", "a=b", "a=b"}, Row{"two", "a=b;c=d", "a=b|c=d"},
                    Row{"final_semicolon", "a=b;", "a=b"}, Row{"final_semicolon_and_space", "a=b; \t", "a=b"},
                    Row{"space_around", " a = b ; c= d e ", "a=b|c=d e"},
                    Row{"folded", "a=b\r\n c;\r\n\td=e", "a=b\r\n c|d=e"}, Row{"empty_value", "p=", "p="},
                    Row{"value_with_equals", "b=QQ==", "b=QQ=="}, Row{"digits_in_name", "a1_2=b", "a1_2=b"},
                    Row{"ends_of_the_alphabets", "azAZ09=1;z=2;Z=3", "azAZ09=1|z=2|Z=3"},
                    Row{"first_and_last_printable", "a=!~", "a=!~"},
                    Row{"fold_at_the_end", "a=b\r\n ", "a=b"}, Row{"tab_at_the_end", "a=b\r\n\t", "a=b"},
                    Row{"backquote_in_name", "a`=b", {}}, Row{"brace_in_name", "a{=b", {}},
                    Row{"at_sign_in_name", "a@=b", {}}, Row{"bracket_in_name", "a[=b", {}},
                    Row{"colon_in_name", "a:=b", {}}, Row{"slash_in_name", "a/=b", {}},
                    Row{"unit_separator", "a=\x1f", {}}, Row{"case_matters", "a=1;A=2", "a=1|A=2"},
                    Row{"empty", "", {}}, Row{"spaces", "  ", {}}, Row{"no_equals", "a", {}},
                    Row{"no_name", "=b", {}}, Row{"name_starts_with_digit", "1a=b", {}},
                    Row{"name_with_hyphen", "a-b=c", {}}, Row{"name_with_space", "a b=c", {}},
                    Row{"twice", "a=b;a=b", {}}, Row{"empty_piece", "a=b;;c=d", {}},
                    Row{"only_semicolon", ";", {}}, Row{"bare_lf", "a=b\n c", {}},
                    Row{"bare_cr", "a=b\r c", {}}, Row{"crlf_then_text", "a=b\r\nc", {}},
                    Row{"crlf_at_end", "a=b\r\n", {}}, Row{"nul", std::string_view("a=b\0c", 5), {}},
                    Row{"delete", "a=b\x7f", {}}, Row{"high", "a=\xC3\xA4", {}}),
    [](const auto& param) { return param.param.name; });

TEST(TagList, FindTellsEmptyFromAbsent) {
  const auto list = TagList::parse("p=; a=b");
  ASSERT_TRUE(list);
  EXPECT_EQ(list->find("p"), std::string_view{});
  EXPECT_EQ(list->find("q"), std::nullopt);
}

TEST(MentionsTag, LooksIntoWhatIsNoTagList) {
  EXPECT_TRUE(mentions_tag("junk; p = x", "p"));
  EXPECT_FALSE(mentions_tag("o=~; np=x", "p"));
  EXPECT_FALSE(mentions_tag("v=spf1 p", "p"));
  EXPECT_FALSE(mentions_tag("v=spf1; p", "p"));
  EXPECT_FALSE(mentions_tag("", "p"));
  EXPECT_FALSE(mentions_tag("", ""));
}

}  // namespace
}  // namespace tecs
