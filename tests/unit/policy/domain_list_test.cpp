#include "milter/policy/domain_list.hpp"

#include <gtest/gtest.h>

namespace tecs::test {
namespace {

TEST(DomainList, tells_a_name_from_the_names_below_it) {
  DomainList list;
  for (const char* const text : {"Example.org", ".example.net", "both.example", ".both.example"}) {
    ASSERT_TRUE(list.add(text)) << text;
  }
  for (const char* const text :
       {"example.org", "EXAMPLE.ORG", "a.example.net", "a.b.example.net", "both.example", "x.both.example"}) {
    EXPECT_TRUE(list.contains(*Domain::parse(text))) << text;
  }
  for (const char* const text :
       {"a.example.org", "example.net", "notexample.org", "a.notexample.net", "example.com"}) {
    EXPECT_FALSE(list.contains(*Domain::parse(text))) << text;
  }
}

TEST(DomainList, takes_no_word_that_is_no_domain) {
  DomainList list;
  for (const char* const text : {"", ".", "..", "org", ".org", "example.org.", "*.example.org",
                                 "exa_mple.org", "..example.org", "user@example.org",
                                 "b\xc3\xbc"
                                 "cher.example"}) {
    const auto added = list.add(text);
    ASSERT_FALSE(added) << text;
    EXPECT_EQ(added.error().reason, Reason::bad_option);
  }
  EXPECT_EQ(list.size(), 0U);
}

}  // namespace
}  // namespace tecs::test
