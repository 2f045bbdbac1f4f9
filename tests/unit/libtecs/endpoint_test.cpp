#include "tecs/endpoint.hpp"

#include <gtest/gtest.h>

#include "tecs/connection_tuple.hpp"

namespace tecs {
namespace {

struct Row {
  const char* name;
  std::string_view text;
  std::optional<std::string_view> want;  // formatted again; empty: refused
};

class EndpointText : public testing::TestWithParam<Row> {};

TEST_P(EndpointText, ParsesAndFormats) {
  const auto end = Endpoint::parse(GetParam().text);
  ASSERT_EQ(end.has_value(), GetParam().want.has_value()) << (end ? end->format() : end.error().sentence);
  if (end) {
    EXPECT_EQ(end->format(), *GetParam().want);
  } else {
    EXPECT_EQ(end.error().reason, Reason::bad_endpoint);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Table, EndpointText,
    testing::Values(Row{"ipv4", "192.0.2.25:25", "192.0.2.25:25"},
                    Row{"ipv6", "[2001:db8::25]:25", "[2001:db8::25]:25"},
                    Row{"ipv6_uncompressed", "[2001:0DB8:0:0:0:0:0:25]:65535", "[2001:db8::25]:65535"},
                    Row{"mapped", "[::ffff:192.0.2.1]:25", "192.0.2.1:25"}, Row{"port_0", "192.0.2.25:0", {}},
                    Row{"port_65536", "192.0.2.25:65536", {}}, Row{"port_signed", "192.0.2.25:+25", {}},
                    Row{"port_hex", "192.0.2.25:0x19", {}}, Row{"no_port", "192.0.2.25", {}},
                    Row{"empty_port", "192.0.2.25:", {}}, Row{"port_then_space", "192.0.2.25:25 ", {}},
                    Row{"unspecified_ipv4", "0.0.0.0:25", {}}, Row{"unspecified_ipv6", "[::]:25", {}},
                    Row{"unspecified_mapped", "[::ffff:0.0.0.0]:25", {}},
                    Row{"scoped", "[fe80::1%eth0]:25", {}}, Row{"ipv6_no_brackets", "2001:db8::25:25", {}},
                    Row{"ipv4_brackets", "[192.0.2.25]:25", {}}, Row{"half_bracket", "[2001:db8::25:25", {}},
                    Row{"short_quad", "192.0.2:25", {}}, Row{"leading_zero", "192.0.02.25:25", {}},
                    Row{"host_name", "localhost:25", {}}, Row{"empty", "", {}},
                    Row{"nul", std::string_view("192.0.2.25\0:25", 14), {}},
                    Row{"very_long", "[2001:db8::25000000000000000000000000000000000000000000]:25", {}}),
    [](const auto& param) { return param.param.name; });

TEST(EndpointParse, ReadsNothingBehindTheText) {
  const std::string_view text = "192.0.2.25:2525";
  EXPECT_EQ(Endpoint::parse(text.substr(0, 13))->format(), "192.0.2.25:25");
}

TEST(EndpointParse, SaysWhatIsWrong) {
  EXPECT_EQ(Endpoint::parse("192.0.2.25").error().sentence, "not of the form address:port");
  EXPECT_EQ(Endpoint::parse("[2001:db8::25:25").error().sentence, "not of the form [address]:port");
  EXPECT_EQ(Endpoint::parse("192.0.2.25:").error().sentence, "the port is not a number from 1 to 65535");
}

TEST(ConnectionTuple, NeedsOneFamily) {
  const Endpoint ipv4 = Endpoint::parse("192.0.2.25:25").value();
  const Endpoint ipv6 = Endpoint::parse("[2001:db8::25]:25").value();
  const Endpoint mapped = Endpoint::parse("[::ffff:198.51.100.7]:25").value();
  EXPECT_EQ(ConnectionTuple::make(ipv4, ipv6).error().reason, Reason::family_mismatch);
  EXPECT_TRUE(ConnectionTuple::make(ipv4, mapped));
}

TEST(IpAddress, KnowsLoopback) {
  EXPECT_TRUE(IpAddress::parse("127.8.9.10")->loopback());
  EXPECT_TRUE(IpAddress::parse("::1")->loopback());
  EXPECT_TRUE(IpAddress::parse("::ffff:127.0.0.1")->loopback());
  EXPECT_FALSE(IpAddress::parse("128.0.0.1")->loopback());
  EXPECT_FALSE(IpAddress::parse("2001::1")->loopback());
  EXPECT_FALSE(IpAddress::parse("::2")->loopback());
}

}  // namespace
}  // namespace tecs
