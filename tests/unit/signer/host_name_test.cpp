#include "signer/host_name.hpp"

#include <gtest/gtest.h>

namespace tecs {
namespace {

TEST(HostName, is_in_lower_case) {
  EXPECT_EQ(*parse_host_name("MX-1.Example.COM"), "mx-1.example.com");
  EXPECT_EQ(*parse_host_name("mx"), "mx");
  EXPECT_EQ(*parse_host_name("1.mx2"), "1.mx2");
}

TEST(HostName, is_nothing_else) {
  for (const std::string& text :
       {std::string(), std::string("."), std::string("mx."), std::string(".mx"), std::string("a..b"),
        std::string("-mx"), std::string("mx-.example"), std::string("m_x"), std::string("*.example.com"),
        std::string("mx example"), std::string("192.0.2.1"), std::string("mx.1"), std::string("::1"),
        std::string(64, 'a'), std::string("m\xc3\xbc"), std::string("mx\0.example", 11)}) {
    const auto name = parse_host_name(text);
    EXPECT_FALSE(name) << text;
    EXPECT_EQ(name ? Reason::io_error : name.error().reason, Reason::bad_option) << text;
  }
  std::string long_name = "a";
  while (long_name.size() < 253) long_name += ".a";
  EXPECT_TRUE(parse_host_name(long_name.substr(0, 253)));
  EXPECT_FALSE(parse_host_name(long_name + "bb"));
}

}  // namespace
}  // namespace tecs
