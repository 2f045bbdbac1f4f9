#include "milter/policy/reception_rules.hpp"

#include <gtest/gtest.h>

namespace tecs::test {
namespace {

Verification verified(Result result, const char* domain) {
  Verification verification;
  verification.result = result;
  verification.domain = *Domain::parse(domain);
  return verification;
}

IpAddress client(const char* text) {
  return *IpAddress::parse(text);
}

class Rules : public testing::Test {
 protected:
  Rules() {
    EXPECT_TRUE(rules.exempt_networks.add("192.0.2.0/24"));
    EXPECT_TRUE(rules.exempt_domains.add("friend.example"));
  }
  std::string symbols(const std::optional<IpAddress>& from, const Verification& verification) const {
    return format_symbols(rules.judge(from, verification, {}).symbols);
  }
  ReceptionRules rules;
};

TEST_F(Rules, exempt_by_network) {
  EXPECT_EQ(symbols(client("192.0.2.7"), Verification{}), "EXEMPT,TECS_NONE");
  EXPECT_EQ(symbols(client("::ffff:192.0.2.7"), Verification{}), "EXEMPT,TECS_NONE");
  EXPECT_EQ(symbols(client("198.51.100.7"), Verification{}), "TECS_NONE");
}

TEST_F(Rules, exempt_who_does_not_come_by_tcp) {
  EXPECT_EQ(symbols(std::nullopt, Verification{}), "EXEMPT,TECS_NONE");
}

TEST_F(Rules, exempt_by_domain_only_who_has_proved_to_be_it) {
  const IpAddress from = client("198.51.100.7");
  EXPECT_EQ(symbols(from, verified(Result::pass, "friend.example")), "EXEMPT,TECS_PASS");
  EXPECT_EQ(symbols(from, verified(Result::pass, "other.example")), "TECS_PASS");
  for (const Result result : {Result::fail, Result::policy, Result::permerror, Result::temperror}) {
    EXPECT_EQ(symbols(from, verified(result, "friend.example")).find("EXEMPT"), std::string::npos)
        << word(result);
  }
}

TEST_F(Rules, remember_by_domain_or_by_network) {
  const IpAddress ipv4 = client("198.51.100.7");
  const IpAddress ipv6 = client("2001:db8:1:2:3::4");
  EXPECT_EQ(rules.greylist_name_of(ipv4, verified(Result::pass, "a.example")), "domain:a.example");
  EXPECT_EQ(rules.greylist_name_of(ipv4, verified(Result::fail, "a.example")), "network:198.51.100.0/24");
  EXPECT_EQ(rules.greylist_name_of(ipv6, Verification{}), "network:2001:db8:1:2::/64");
  rules.greylist_ipv4_bits = 32;
  rules.greylist_ipv6_bits = 48;
  EXPECT_EQ(rules.greylist_name_of(ipv4, Verification{}), "network:198.51.100.7/32");
  EXPECT_EQ(rules.greylist_name_of(ipv6, Verification{}), "network:2001:db8:1::/48");
}

}  // namespace
}  // namespace tecs::test
