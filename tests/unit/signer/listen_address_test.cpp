#include "signer/listen_address.hpp"

#include <gtest/gtest.h>

namespace tecs {
namespace {

class GoodListenAddress : public testing::TestWithParam<const char*> {};

TEST_P(GoodListenAddress, is_read_and_written_back) {
  const auto address = ListenAddress::parse(GetParam());
  ASSERT_TRUE(address) << address.error().sentence;
  EXPECT_EQ(address->format(), GetParam());
}

INSTANTIATE_TEST_SUITE_P(Rows, GoodListenAddress,
                         testing::Values("127.0.0.1:10025", "0.0.0.0:1", "[::]:65535", "[2001:db8::1]:25"));

class BadListenAddress : public testing::TestWithParam<const char*> {};

TEST_P(BadListenAddress, is_refused) {
  const auto address = ListenAddress::parse(GetParam());
  ASSERT_FALSE(address);
  EXPECT_EQ(address.error().reason, Reason::bad_option);
  EXPECT_NE(address.error().sentence.find("127.0.0.1:10025"), std::string::npos) << "without an example";
}

INSTANTIATE_TEST_SUITE_P(Rows, BadListenAddress,
                         testing::Values("", ":", "10025", ":10025", "127.0.0.1", "127.0.0.1:", "127.0.0.1:0",
                                         "127.0.0.1:65536", "127.0.0.1:+25", "127.0.0.1:025", "127.0.0.1:25 ",
                                         "localhost:25", "::1:25", "[::1]", "[::1]25", "[127.0.0.1]:25",
                                         "[]:25", "[fe80::1%eth0]:25", "*:25", "127.0.0.1:2\x01"));

}  // namespace
}  // namespace tecs
