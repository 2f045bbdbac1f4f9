#include "milter/milter_macros.hpp"

#include <gtest/gtest.h>

#include <string>

namespace tecs {
namespace {

TEST(MilterMacros, ServerEndpoint) {
  struct Row {
    const char* name;
    const char* if_addr;
    const char* daemon_addr;
    const char* daemon_port;
    const char* want;  // null: not known
  };
  const Row rows[] = {
      {"Postfix", "", "192.0.2.25", "25", "192.0.2.25:25"},
      {"Postfix, IPv6", "", "2001:db8::25", "25", "[2001:db8::25]:25"},
      {"with prefix", "", "IPv6:2001:db8::25", "25", "[2001:db8::25]:25"},
      {"with prefix in lower case", "", "ipv6:2001:db8::25", "25", "[2001:db8::25]:25"},
      {"written out", "", "IPv6:2001:0db8:0000:0000:0000:0000:0000:0025", "587", "[2001:db8::25]:587"},
      {"mapped", "", "IPv6:::ffff:192.0.2.25", "25", "192.0.2.25:25"},
      {"Sendmail: the real address first", "192.0.2.25", "0.0.0.0", "25", "192.0.2.25:25"},
      {"Sendmail on loopback has the configured one only", "", "127.0.0.1", "2525", "127.0.0.1:2525"},
      {"what cannot be read does not hide the other", "localhost", "127.0.0.1", "25", "127.0.0.1:25"},
      {"listens on every address", "", "0.0.0.0", "25", nullptr},
      {"no address", "", "", "25", nullptr},
      {"no port", "", "192.0.2.25", "", nullptr},
      {"port 0", "", "192.0.2.25", "0", nullptr},
      {"port too large", "", "192.0.2.25", "65536", nullptr},
      {"port with a sign", "", "192.0.2.25", "+25", nullptr},
      {"a name as port", "", "192.0.2.25", "smtp", nullptr},
      {"with a scope", "", "fe80::1%eth0", "25", nullptr},
      {"a name", "", "localhost", "25", nullptr},
  };
  for (const Row& row : rows) {
    const auto found = server_endpoint(row.if_addr, row.daemon_addr, row.daemon_port);
    EXPECT_EQ(found ? found->format() : "", row.want == nullptr ? "" : row.want) << row.name;
  }
}

TEST(MilterMacros, ProcessId) {
  EXPECT_EQ(process_id("4711"), 4711U);
  EXPECT_EQ(process_id("4294967295"), 4294967295U);
  for (const char* const text : {"", "0", "-1", "4294967296", "4711 ", "$process_id", "0x12"}) {
    EXPECT_EQ(process_id(text), std::nullopt) << text;
  }
}

TEST(MilterMacros, DeclaredSize) {
  EXPECT_EQ(declared_size("SIZE=1000"), 1000U);
  EXPECT_EQ(declared_size("size=0"), 0U);
  for (const char* const text : {"", "SIZE", "SIZE=", "SIZE=-1", "SIZE=1k", "BODY=8BITMIME", "XSIZE=5",
                                 "SIZE=99999999999999999999999"}) {
    EXPECT_EQ(declared_size(text), std::nullopt) << text;
  }
}

TEST(MilterMacros, SoftwareOfTheMta) {
  EXPECT_EQ(mta_software("Postfix 3.7.11"), MtaSoftware::postfix);
  EXPECT_EQ(mta_software("Our Mail 3.7.11"), MtaSoftware::postfix) << "with mail_name = Our Mail";
  EXPECT_EQ(mta_software("8.17.1"), MtaSoftware::sendmail);
  EXPECT_EQ(mta_software(""), MtaSoftware::postfix);
}

}  // namespace
}  // namespace tecs
