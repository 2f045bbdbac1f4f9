#include "sasl/cyrus_endpoint.hpp"

#include <gtest/gtest.h>

#include <string>

namespace tecs {
namespace {

struct Row {
  std::string name;
  std::string text;
  std::string want;  // as TECS writes it; empty: refused
};

class CyrusEndpointTest : public testing::TestWithParam<Row> {};

TEST_P(CyrusEndpointTest, ParsesOrRefuses) {
  const auto endpoint = parse_cyrus_endpoint(GetParam().text);
  EXPECT_EQ(endpoint ? endpoint->format() : "", GetParam().want);
  if (!endpoint) {
    EXPECT_EQ(endpoint.error().reason, Reason::bad_endpoint);
  }
}

INSTANTIATE_TEST_SUITE_P(Rows, CyrusEndpointTest,
                         testing::Values(Row{"Ipv4", "192.0.2.1;25", "192.0.2.1:25"},
                                         Row{"Ipv6", "2001:db8::25;40213", "[2001:db8::25]:40213"},
                                         Row{"Ipv6WrittenOut", "2001:db8:0:0:0:0:0:25;25",
                                             "[2001:db8::25]:25"},
                                         Row{"MappedIsIpv4", "::ffff:192.0.2.1;25", "192.0.2.1:25"},
                                         Row{"HighestPort", "192.0.2.1;65535", "192.0.2.1:65535"},  //
                                         Row{"Empty", "", ""},                                      //
                                         Row{"NoPort", "192.0.2.1", ""},                            //
                                         Row{"EmptyPort", "192.0.2.1;", ""},                        //
                                         Row{"PortZero", "192.0.2.1;0", ""},                        //
                                         Row{"PortTooHigh", "192.0.2.1;65536", ""},                 //
                                         Row{"PortWithSign", "192.0.2.1;+25", ""},                  //
                                         Row{"PortAndMore", "192.0.2.1;25 ", ""},                   //
                                         Row{"ColonForSemicolon", "192.0.2.1:25", ""},              //
                                         Row{"Unspecified", "0.0.0.0;25", ""},                      //
                                         Row{"Scoped", "fe80::1%eth0;25", ""},                      //
                                         Row{"Bracketed", "[2001:db8::25];25", ""},                 //
                                         Row{"Name", "mx.example.net;25", ""}, Row{"NoAddress", ";25", ""}),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace tecs
