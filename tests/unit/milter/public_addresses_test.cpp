#include "milter/public_addresses.hpp"

#include <gtest/gtest.h>

namespace tecs {
namespace {

constexpr const char* not_a_pair = "must be PRIVATE=PUBLIC, as in 10.0.0.5:25=192.0.2.25:25";
constexpr const char* not_a_side =
    "each side must be ADDRESS or ADDRESS:PORT, IPv6 with a port as [ADDRESS]:PORT";
constexpr const char* nobody = "0.0.0.0 and :: are the address of nobody";
constexpr const char* one_port = "must have a port on both sides or on neither";
constexpr const char* two_families = "must be IPv4 on both sides or IPv6 on both";
constexpr const char* no_change = "both sides are the same";

struct Row {
  const char* name;
  std::string_view text;
  const char* refused_with = "";
};

class PublicAddressText : public testing::TestWithParam<Row> {};

TEST_P(PublicAddressText, IsTakenOrRefused) {
  const auto pair = PublicAddress::parse(GetParam().text);
  EXPECT_EQ(pair ? "" : pair.error().sentence, GetParam().refused_with);
  if (!pair) {
    EXPECT_EQ(pair.error().reason, Reason::bad_option);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Table, PublicAddressText,
    testing::Values(Row{"both_ports", "10.0.0.5:2525=192.0.2.25:25"}, Row{"no_ports", "10.0.0.5=192.0.2.25"},
                    Row{"ipv6_ports", "[fd00::5]:25=[2001:db8::25]:25"},
                    Row{"ipv6_no_ports", "fd00::5=2001:db8::25"},
                    Row{"mapped_is_ipv4", "::ffff:10.0.0.5=192.0.2.25"},
                    Row{"other_port_of_the_same_address", "192.0.2.25:2525=192.0.2.25:25"},
                    Row{"port_on_the_left", "10.0.0.5:25=192.0.2.25", one_port},
                    Row{"port_on_the_right", "10.0.0.5=192.0.2.25:25", one_port},
                    Row{"two_families", "10.0.0.5=2001:db8::25", two_families},
                    Row{"the_same", "10.0.0.5=10.0.0.5", no_change},
                    Row{"the_same_with_port", "10.0.0.5:25=10.0.0.5:25", no_change},
                    Row{"unspecified", "0.0.0.0=192.0.2.25", nobody},
                    Row{"unspecified_on_the_right", "10.0.0.5=0.0.0.0", nobody},
                    Row{"unspecified_with_port", "0.0.0.0:25=192.0.2.25:25", not_a_side},
                    Row{"unspecified_ipv6", "::=2001:db8::25", nobody},
                    Row{"port_0", "10.0.0.5:0=192.0.2.25:25", not_a_side},
                    Row{"host_name", "mx.example=192.0.2.25", not_a_side},
                    Row{"one_side", "10.0.0.5", not_a_pair}, Row{"empty", "", not_a_pair},
                    Row{"empty_left", "=192.0.2.25", not_a_side}, Row{"empty_right", "10.0.0.5=", not_a_side},
                    Row{"three_sides", "10.0.0.5=192.0.2.25=192.0.2.26", not_a_side},
                    Row{"white_space", "10.0.0.5 = 192.0.2.25", not_a_side},
                    Row{"network", "10.0.0.0/8=192.0.2.25", not_a_side}),
    [](const auto& param) { return param.param.name; });

std::vector<PublicAddress> pairs(const std::vector<std::string>& texts) {
  std::vector<PublicAddress> parsed;
  for (const std::string& text : texts) parsed.push_back(*PublicAddress::parse(text));
  return parsed;
}

std::vector<std::string> seen_as(const PublicAddresses& addresses, const char* own) {
  std::vector<std::string> found;
  for (const Endpoint& each : addresses.of(*Endpoint::parse(own))) found.push_back(each.format());
  return found;
}

using Seen = std::vector<std::string>;

TEST(PublicAddresses, AreThoseOfTheEndPointInTheOrderOfTheConfiguration) {
  const auto addresses = PublicAddresses::make(
      pairs({"10.0.0.5:2525=192.0.2.26:25", "10.0.0.5=192.0.2.25", "fd00::5=2001:db8::25",
             "10.0.0.6:25=192.0.2.25:25", "10.0.0.5:2525=192.0.2.25:2525", "10.0.0.5:25=192.0.2.27:26"}));
  ASSERT_TRUE(addresses);
  EXPECT_EQ(seen_as(*addresses, "10.0.0.5:2525"), (Seen{"192.0.2.26:25", "192.0.2.25:2525"})) << "none twice";
  EXPECT_EQ(seen_as(*addresses, "10.0.0.5:25"), (Seen{"192.0.2.25:25", "192.0.2.27:26"}));
  EXPECT_EQ(seen_as(*addresses, "10.0.0.5:587"), (Seen{"192.0.2.25:587"}));
  EXPECT_EQ(seen_as(*addresses, "10.0.0.6:25"), (Seen{"192.0.2.25:25"}));
  EXPECT_EQ(seen_as(*addresses, "10.0.0.6:26"), Seen{});
  EXPECT_EQ(seen_as(*addresses, "[fd00::5]:25"), (Seen{"[2001:db8::25]:25"}));
  EXPECT_EQ(seen_as(*addresses, "192.0.2.25:25"), Seen{}) << "a pair has a direction";
  EXPECT_EQ(seen_as(PublicAddresses(), "10.0.0.5:25"), Seen{});
}

TEST(PublicAddresses, AreBoundedForEachEndPointAndInAll) {
  std::vector<std::string> texts;
  for (int i = 1; i <= 8; ++i) texts.push_back("10.0.0.5=192.0.2." + std::to_string(i));
  EXPECT_TRUE(PublicAddresses::make(pairs(texts)));
  for (const char* const ninth : {"10.0.0.5=192.0.2.9", "10.0.0.5:25=192.0.2.9:25"}) {
    auto more = texts;
    more.push_back(ninth);
    EXPECT_FALSE(PublicAddresses::make(pairs(more))) << ninth;
  }
  texts.clear();
  for (int i = 1; i <= 256; ++i) texts.push_back("10.0.0.5:" + std::to_string(i) + "=192.0.2.25:25");
  EXPECT_TRUE(PublicAddresses::make(pairs(texts))) << "ports are end points of their own";
  texts.emplace_back("10.0.0.6=192.0.2.25");
  EXPECT_FALSE(PublicAddresses::make(pairs(texts)));
}

TEST(PublicAddresses, RefuseAPairThatStandsTwice) {
  EXPECT_FALSE(PublicAddresses::make(pairs({"10.0.0.5=192.0.2.25", "10.0.0.5=192.0.2.25"})));
}

}  // namespace
}  // namespace tecs
