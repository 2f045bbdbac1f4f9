#include "milter/private_address.hpp"

#include <gtest/gtest.h>

namespace tecs {
namespace {

TEST(PrivateAddress, FirstAndLastOfEachNetworkAndTheirNeighbours) {
  for (const char* const text :
       {"10.0.0.0", "10.255.255.255", "172.16.0.0", "172.31.255.255", "192.168.0.0", "192.168.255.255",
        "169.254.0.0", "169.254.255.255", "100.64.0.0", "100.127.255.255", "127.0.0.1", "::1", "fe80::1",
        "febf::1", "fc00::1", "fdff::1", "::ffff:10.0.0.1"}) {
    EXPECT_TRUE(is_private(*IpAddress::parse(text))) << text;
  }
  for (const char* const text :
       {"9.255.255.255", "11.0.0.0", "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0",
        "169.253.255.255", "169.255.0.0", "100.63.255.255", "100.128.0.0", "128.0.0.1", "198.51.100.7",
        "2001:db8::1", "fec0::1", "fbff::1", "fe00::1", "a00::1", "::2"}) {
    EXPECT_FALSE(is_private(*IpAddress::parse(text))) << text;
  }
}

}  // namespace
}  // namespace tecs
