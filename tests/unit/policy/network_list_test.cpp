#include "milter/policy/network_list.hpp"

#include <gtest/gtest.h>

namespace tecs::test {
namespace {

TEST(NetworkList, knows_who_is_in_one_of_its_networks) {
  NetworkList list;
  EXPECT_FALSE(list.contains(*IpAddress::parse("192.0.2.1")));
  for (const char* const text : {"192.0.2.0/24", "198.51.100.7", "2001:db8::/32", "::ffff:203.0.113.0/120"}) {
    ASSERT_TRUE(list.add(text)) << text;
  }
  for (const char* const text :
       {"192.0.2.1", "198.51.100.7", "2001:db8:5::1", "203.0.113.200", "::ffff:192.0.2.255"}) {
    EXPECT_TRUE(list.contains(*IpAddress::parse(text))) << text;
  }
  for (const char* const text : {"192.0.3.1", "198.51.100.8", "2001:db9::1", "::1"}) {
    EXPECT_FALSE(list.contains(*IpAddress::parse(text))) << text;
  }
}

TEST(NetworkList, takes_no_word_that_is_no_network) {
  NetworkList list;
  EXPECT_FALSE(list.add("192.0.2.1/24"));
  EXPECT_EQ(list.size(), 0U);
}

}  // namespace
}  // namespace tecs::test
