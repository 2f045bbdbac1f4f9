#include "tecs/adapters/door_address.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <cstring>
#include <string>

namespace tecs {
namespace {

TEST(DoorAddress, IsWrittenAsInPostfix) {
  struct Row {
    std::string text;
    std::string want;
  };
  const Row rows[] = {
      {"unix:/run/tecs/milter", "unix:/run/tecs/milter"},
      {"unix:/a:b", "unix:/a:b"},
      {"inet:127.0.0.1:8891", "inet:127.0.0.1:8891"},
      {"inet:localhost:8891", "inet:127.0.0.1:8891"},
      {"inet:0.0.0.0:8891", "inet:0.0.0.0:8891"},
      {"inet:[::1]:8891", "inet6:[::1]:8891"},
      {"inet6:[::1]:65535", "inet6:[::1]:65535"},
      {"inet6:localhost:1", "inet6:[::1]:1"},
      {"inet6:[::]:8891", "inet6:[::]:8891"},
      {"unix:/" + std::string(106, 'a'), "unix:/" + std::string(106, 'a')},
  };
  for (const Row& row : rows) {
    const auto address = DoorAddress::parse(row.text);
    ASSERT_TRUE(address) << row.text << ": " << address.error().sentence;
    EXPECT_EQ(address->format(), row.want);
    EXPECT_EQ(DoorAddress::parse(address->format())->format(), row.want);
  }
}

TEST(DoorAddress, IsWrittenForLibmilter) {
  EXPECT_EQ(DoorAddress::parse("unix:/run/x")->format_port_first(), "unix:/run/x");
  EXPECT_EQ(DoorAddress::parse("inet:127.0.0.1:8891")->format_port_first(), "inet:8891@[127.0.0.1]");
  EXPECT_EQ(DoorAddress::parse("inet:[::1]:8891")->format_port_first(), "inet6:8891@[::1]");
}

TEST(DoorAddress, RefusesEverythingElse) {
  for (const std::string& text : {std::string(),
                                  std::string("unix"),
                                  std::string("unix:"),
                                  std::string("unix:run/milter"),
                                  std::string("/run/milter"),
                                  std::string("local:/run/milter"),
                                  std::string("inet:"),
                                  std::string("inet:8891"),
                                  std::string("inet:127.0.0.1"),
                                  std::string("inet:127.0.0.1:"),
                                  std::string("inet:127.0.0.1:0"),
                                  std::string("inet:127.0.0.1:65536"),
                                  std::string("inet:127.0.0.1:smtp"),
                                  std::string("inet:mail.example.net:25"),
                                  std::string("inet:::1:25"),
                                  std::string("inet:[127.0.0.1]:25"),
                                  std::string("inet:8891@127.0.0.1"),
                                  std::string("inet6:127.0.0.1:25"),
                                  std::string("inet:[fe80::1%eth0]:25"),
                                  std::string("inet::25"),
                                  std::string("UNIX:/run/milter"),
                                  "unix:/" + std::string(107, 'a'),
                                  std::string("unix:/a\0b", 9)}) {
    const auto address = DoorAddress::parse(text);
    ASSERT_FALSE(address) << text;
    EXPECT_EQ(address.error().reason, Reason::bad_option);
  }
}

TEST(DoorAddress, SocketAddressesAreThoseOfTheKernel) {
  const auto local = DoorAddress::parse("unix:/run/x")->socket_address();
  EXPECT_EQ(local.storage.ss_family, AF_UNIX);
  EXPECT_STREQ(reinterpret_cast<const sockaddr_un*>(&local.storage)->sun_path, "/run/x");

  for (const char* const text : {"192.0.2.25:25", "[2001:db8::25]:587"}) {
    const auto endpoint = DoorAddress::parse(std::string("inet:") + text)->socket_address().endpoint();
    ASSERT_TRUE(endpoint);
    EXPECT_EQ(endpoint->format(), text);
  }
}

}  // namespace
}  // namespace tecs
