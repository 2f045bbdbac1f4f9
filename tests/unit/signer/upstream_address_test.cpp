#include "signer/upstream_address.hpp"

#include <gtest/gtest.h>

namespace tecs {
namespace {

struct GoodRow {
  const char* name;
  std::string text;
  UpstreamAddress want;
  std::string want_format;
};

class GoodUpstream : public testing::TestWithParam<GoodRow> {};

TEST_P(GoodUpstream, is_read) {
  const auto upstream = parse_upstream_address(GetParam().text);
  ASSERT_TRUE(upstream) << upstream.error().sentence;
  EXPECT_EQ(*upstream, GetParam().want);
  EXPECT_EQ(format(*upstream), GetParam().want_format);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, GoodUpstream,
    testing::Values(
        GoodRow{"original", "original-destination", OriginalDestination{}, "original-destination"},
        GoodRow{"ipv4", "192.0.2.25:25", *Endpoint::parse("192.0.2.25:25"), "192.0.2.25:25"},
        GoodRow{"ipv6", "[2001:DB8::25]:25", *Endpoint::parse("[2001:db8::25]:25"), "[2001:db8::25]:25"},
        GoodRow{"name", "MX.example.com:587", HostAndPort{"mx.example.com", 587}, "mx.example.com:587"},
        GoodRow{"one_label", "localhost:25", HostAndPort{"localhost", 25}, "localhost:25"},
        GoodRow{"digits_and_hyphen", "3-m.1x:25", HostAndPort{"3-m.1x", 25}, "3-m.1x:25"}),
    [](const auto& row) { return row.param.name; });

class BadUpstream : public testing::TestWithParam<std::string> {};

TEST_P(BadUpstream, is_refused) {
  const auto upstream = parse_upstream_address(GetParam());
  ASSERT_FALSE(upstream);
  EXPECT_EQ(upstream.error().reason, Reason::bad_option);
}

INSTANTIATE_TEST_SUITE_P(Rows, BadUpstream,
                         testing::Values("", ":25", "mx.example.com", "mx.example.com:", "mx.example.com:0",
                                         "mx.example.com:99999", "mx..example.com:25", ".example.com:25",
                                         "example.com.:25", "-mx.example.com:25", "mx-.example.com:25",
                                         "m x:25", "mx_1:25", "m\xc3\xbcx.example:25", "192.0.2:25",
                                         "192.0.2.256:25", "0.0.0.0:25", "[::]:25", "::1:25",
                                         "[mx.example.com]:25", "Original-Destination",
                                         std::string(64, 'a') + ".example:25",
                                         std::string(260, 'a') + ":25"));

}  // namespace
}  // namespace tecs
