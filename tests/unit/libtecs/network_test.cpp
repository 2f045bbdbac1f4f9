#include "tecs/network.hpp"

#include <gtest/gtest.h>

namespace tecs::test {
namespace {

IpAddress address(const char* text) {
  return *IpAddress::parse(text);
}

struct NetworkRow {
  const char* text;
  const char* formatted;
  const char* inside;
  const char* outside;
};

TEST(Network, contains_what_shares_its_first_bits) {
  for (const auto& [text, formatted, inside, outside] :
       {NetworkRow{"192.0.2.0/24", "192.0.2.0/24", "192.0.2.255", "192.0.3.0"},
        {"192.0.2.128/25", "192.0.2.128/25", "192.0.2.128", "192.0.2.127"},
        {"192.0.2.1", "192.0.2.1/32", "192.0.2.1", "192.0.2.2"},
        {"0.0.0.0/0", "0.0.0.0/0", "203.0.113.7", "2001:db8::1"},
        {"172.16.0.0/12", "172.16.0.0/12", "172.31.255.255", "172.32.0.0"},
        {"192.0.2.1/32", "192.0.2.1/32", "192.0.2.1", "192.0.2.0"},
        {"2001:db8::1/128", "2001:db8::1/128", "2001:db8::1", "2001:db8::"},
        {"2001:db8:8000::/33", "2001:db8:8000::/33", "2001:db8:ffff::", "2001:db8:7fff::"},
        {"::ffff:0.0.0.0/96", "0.0.0.0/0", "203.0.113.7", "2001:db8::1"},
        {"10.0.0.0/7", "10.0.0.0/7", "11.255.255.255", "12.0.0.0"},
        {"2001:db8::/32", "2001:db8::/32", "2001:db8:ffff::1", "2001:db9::"},
        {"2001:db8::1", "2001:db8::1/128", "2001:db8::1", "2001:db8::2"},
        {"::/0", "::/0", "2001:db8::1", "192.0.2.1"},
        {"::ffff:192.0.2.0/120", "192.0.2.0/24", "192.0.2.9", "192.0.3.9"},
        {"::ffff:192.0.2.7", "192.0.2.7/32", "::ffff:192.0.2.7", "192.0.2.8"}}) {
    const auto network = Network::parse(text);
    ASSERT_TRUE(network) << text << ": " << network.error().sentence;
    EXPECT_EQ(network->format(), formatted);
    EXPECT_TRUE(network->contains(address(inside))) << text;
    EXPECT_FALSE(network->contains(address(outside))) << text;
  }
}

TEST(Network, that_is_none_is_refused) {
  for (const char* const text :
       {"", "/", "/24", "192.0.2.0/", "192.0.2.0/33", "192.0.2.0/-1", "192.0.2.0/+8", "192.0.2.0/24 ",
        "192.0.2/24", "192.0.2.0/24/8", "2001:db8::/129", "::ffff:192.0.2.0/24", "fe80::1%eth0",
        "example.org", "192.0.2.0/255.255.255.0"}) {
    const auto network = Network::parse(text);
    ASSERT_FALSE(network) << text;
    EXPECT_EQ(network.error().reason, Reason::bad_option);
  }
}

TEST(Network, with_a_wrong_number_says_so) {
  for (const char* const text : {"192.0.2.0/33", "192.0.2.0/", "::ffff:192.0.2.0/95"}) {
    const auto network = Network::parse(text);
    ASSERT_FALSE(network) << text;
    EXPECT_EQ(network.error().sentence, "not a network: the number after the slash is wrong") << text;
  }
}

TEST(Network, is_read_from_nothing_behind_the_text) {
  const std::string_view text = "192.0.2.0/255";
  EXPECT_EQ(Network::parse(text.substr(0, 12))->format(), "192.0.2.0/25");
}

TEST(Network, with_bits_beyond_it_says_what_was_meant) {
  EXPECT_EQ(Network::parse("192.0.2.77/24").error().sentence,
            "bits are set beyond the network; did you mean 192.0.2.0/24");
  EXPECT_EQ(Network::parse("2001:db8::1/64").error().sentence,
            "bits are set beyond the network; did you mean 2001:db8::/64");
}

TEST(Network, around_an_address) {
  EXPECT_EQ(Network::around(address("198.51.100.7"), 24).format(), "198.51.100.0/24");
  EXPECT_EQ(Network::around(address("198.51.100.7"), 64).format(), "198.51.100.7/32");
  EXPECT_EQ(Network::around(address("2001:db8:1:2:3:4:5:6"), 64).format(), "2001:db8:1:2::/64");
  EXPECT_EQ(Network::around(address("2001:db8:1:2:3:4:5:6"), 0).format(), "::/0");
}

}  // namespace
}  // namespace tecs::test
