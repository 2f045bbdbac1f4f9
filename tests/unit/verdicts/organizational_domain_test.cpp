#include "verdicts/organizational_domain.hpp"

#include <gtest/gtest.h>

namespace tecs {
namespace {

TEST(PublicSuffixList, GivesTheDomainThatSomebodyRegistered) {
  const auto list = PublicSuffixList::load();
  ASSERT_TRUE(list) << list.error().sentence;
  struct Row {
    std::string_view name, domain, want;
  };
  for (const Row& row : {
           Row{"registered itself", "jgc.org", "jgc.org"},
           Row{"host below it", "mail.out.jgc.org", "jgc.org"},
           Row{"suffix of two labels", "a.b.example.co.uk", "example.co.uk"},
           Row{"wildcard rule *.ck", "mail.example.any.ck", "example.any.ck"},
           Row{"exception to it !www.ck", "mail.www.ck", "www.ck"},
           Row{"A-labels", "mail.xn--bcher-kva.xn--p1ai", "xn--bcher-kva.xn--p1ai"},
           Row{"top-level domain that no rule names", "mail.example.invalid", "example.invalid"},
           Row{"public suffix itself", "co.uk", "co.uk"},
           Row{"top-level domain itself", "org", "org"},
           Row{"empty, as for a connection that claims nothing", "", ""},
       }) {
    EXPECT_EQ(list->organizational_domain(row.domain), row.want) << row.name;
  }
}

}  // namespace
}  // namespace tecs
