#include "adapters/dns/ldns_memory.hpp"

#include <gtest/gtest.h>

namespace tecs {
namespace {

using namespace std::string_literals;

LdnsOwner<ldns_rr> record(const std::string& text) {
  ldns_rr* read = nullptr;
  EXPECT_EQ(ldns_rr_new_frm_str(&read, text.c_str(), 0, nullptr, nullptr), LDNS_STATUS_OK) << text;
  return LdnsOwner<ldns_rr>(read);
}

TEST(JoinedStrings, AreTheOctetsWithNothingBetween) {
  struct Row {
    std::string_view name;
    std::string text, want;
  };
  for (const Row& row : {
           Row{"one string", R"("v=DKIM1; p=AA==")", "v=DKIM1; p=AA=="},
           Row{"two strings", R"("v=DKIM1; p=A" "A==")", "v=DKIM1; p=AA=="},
           Row{"an empty one between", R"("a" "" "b")", "ab"},
           Row{"nothing but an empty one", R"("")", ""},
           Row{"quotes and backslashes", R"("a\"b\\c")", "a\"b\\c"},
           Row{"octets of any value", R"("\000\255\010")", "\0\xff\n"s},
           Row{"white space at the ends", R"(" a " " b ")", " a  b "},
       }) {
    EXPECT_EQ(joined_strings(*record("jgc.org. 60 IN TXT " + row.text)), row.want) << row.name;
  }
}

TEST(Dname, ComesBackInLowerCaseWithoutTheFinalDot) {
  struct Row {
    std::string name, want;
  };
  for (const Row& row : {Row{"jgc.org", "jgc.org"}, Row{"_DomainKey.JGC.org.", "_domainkey.jgc.org"},
                         Row{"a\\046b.org", "a\\.b.org"}, Row{".", ""}}) {
    const auto dname = parse_dname(row.name);
    ASSERT_TRUE(dname) << row.name;
    EXPECT_EQ(format_dname(*dname), row.want) << row.name;
  }
}

TEST(Dname, RefusesWhatIsNoName) {
  for (const std::string& name : {""s, "a..b"s, ".a"s, std::string(64, 'a') + ".org", "a\\"s, "a\\999"s,
                                  std::string(300, 'a'), "a." + std::string(2000, 'b')}) {
    EXPECT_FALSE(parse_dname(name)) << name;
  }
  std::string labels;
  for (int i = 0; i < 130; ++i) labels += "a.";
  EXPECT_FALSE(parse_dname(labels)) << "longer than 255 octets";
}

TEST(AddressOf, TakesOnlyAddresses) {
  EXPECT_EQ(address_of(*ldns_rr_rdf(record("a. A 192.0.2.1").get(), 0)), *IpAddress::parse("192.0.2.1"));
  EXPECT_EQ(address_of(*ldns_rr_rdf(record("a. AAAA 2001:db8::1").get(), 0)),
            *IpAddress::parse("2001:db8::1"));
  EXPECT_EQ(address_of(*ldns_rr_rdf(record("a. AAAA ::ffff:192.0.2.1").get(), 0)),
            *IpAddress::parse("192.0.2.1"));
  EXPECT_FALSE(address_of(*ldns_rr_rdf(record("a. CNAME b.").get(), 0)));
}

}  // namespace
}  // namespace tecs
