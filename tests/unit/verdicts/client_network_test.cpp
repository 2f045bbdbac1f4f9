#include "verdicts/client_network.hpp"

#include <gtest/gtest.h>

namespace tecs {
namespace {

ClientNetwork of(const char* address) {
  return ClientNetwork::of(*IpAddress::parse(address));
}

TEST(ClientNetwork, IsA24OrA64) {
  EXPECT_EQ(of("198.51.100.0"), of("198.51.100.255"));
  EXPECT_NE(of("198.51.100.7"), of("198.51.101.7"));
  EXPECT_EQ(of("198.51.100.7"), of("::ffff:198.51.100.8"));
  EXPECT_EQ(of("2001:db8:1:2::"), of("2001:db8:1:2:ffff:ffff:ffff:ffff"));
  EXPECT_NE(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
}

TEST(ClientNetwork, OfASiteIsA24OrA48) {
  const auto site_of = [](const char* address) { return ClientNetwork::site_of(*IpAddress::parse(address)); };
  EXPECT_EQ(site_of("198.51.100.0"), site_of("198.51.100.255"));
  EXPECT_NE(site_of("198.51.100.7"), site_of("198.51.101.7"));
  EXPECT_EQ(site_of("2001:db8:1:2::1"), site_of("2001:db8:1:ffff::2"));
  EXPECT_NE(site_of("2001:db8:1:2::1"), site_of("2001:db8:2:2::1"));
}

TEST(ClientNetwork, FamiliesAndUnknownClientsAreApart) {
  EXPECT_NE(of("0.0.0.0"), of("::"));
  EXPECT_NE(of("0.0.0.0"), ClientNetwork::of(std::nullopt));
  EXPECT_NE(of("::"), ClientNetwork::of(std::nullopt));
  EXPECT_EQ(ClientNetwork::of(std::nullopt), ClientNetwork::of(std::nullopt));
}

TEST(ClientNetwork, OfASiteIsWrittenAsAVerdictHasIt) {
  struct Row {
    const char* client;
    const char* want;
  };
  for (const Row& row : {
           Row{"192.0.2.7:40213", "192.0.2.0/24"},
           Row{"192.0.2.7", "192.0.2.0/24"},
           Row{"0.0.0.1:25", "0.0.0.0/24"},
           Row{"[2001:db8:1:2::7]:40213", "2001:db8:1::/48"},
           Row{"2001:db8:1:2::7", "2001:db8:1::/48"},
           Row{"[::ffff:192.0.2.7]:40213", "192.0.2.0/24"},
           Row{"::ffff:192.0.2.7", "192.0.2.0/24"},
           Row{"::1", "::/48"},
           Row{"", ""},
           Row{"a stranger", ""},
           Row{"192.0.2.7:0:1", ""},
       }) {
    EXPECT_EQ(ClientNetwork::site_of(row.client).format(), row.want) << row.client;
  }
  EXPECT_EQ(of("2001:db8:1:2::7").format(), "2001:db8:1:2::/64");
}

}  // namespace
}  // namespace tecs
