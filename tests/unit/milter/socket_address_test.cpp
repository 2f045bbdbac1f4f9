#include "milter/socket_address.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <cstring>
#include <string>

namespace tecs {
namespace {

TEST(SocketAddress, IsWrittenAsInPostfix) {
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
    const auto address = SocketAddress::parse(row.text);
    ASSERT_TRUE(address) << row.text << ": " << address.error().sentence;
    EXPECT_EQ(address->format(), row.want);
    EXPECT_EQ(SocketAddress::parse(address->format())->format(), row.want);
  }
}

TEST(SocketAddress, IsWrittenForLibmilter) {
  EXPECT_EQ(SocketAddress::parse("unix:/run/x")->format_port_first(), "unix:/run/x");
  EXPECT_EQ(SocketAddress::parse("inet:127.0.0.1:8891")->format_port_first(), "inet:8891@[127.0.0.1]");
  EXPECT_EQ(SocketAddress::parse("inet:[::1]:8891")->format_port_first(), "inet6:8891@[::1]");
}

TEST(SocketAddress, RefusesEverythingElse) {
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
    const auto address = SocketAddress::parse(text);
    ASSERT_FALSE(address) << text;
    EXPECT_EQ(address.error().reason, Reason::bad_option);
  }
}

TEST(SocketAddress, NamesAreThoseOfTheKernel) {
  const auto local = SocketAddress::parse("unix:/run/x")->name();
  EXPECT_EQ(local.storage.ss_family, AF_UNIX);
  EXPECT_STREQ(reinterpret_cast<const sockaddr_un*>(&local.storage)->sun_path, "/run/x");

  for (const char* const text : {"192.0.2.25:25", "[2001:db8::25]:587"}) {
    const auto name = SocketAddress::parse(std::string("inet:") + text)->name();
    const auto endpoint = endpoint_of(reinterpret_cast<const sockaddr*>(&name.storage));
    ASSERT_TRUE(endpoint);
    EXPECT_EQ(endpoint->format(), text);
  }
}

TEST(EndpointOf, OnlyTcpClientsHaveOne) {
  EXPECT_EQ(endpoint_of(nullptr), std::nullopt);
  const auto local = SocketAddress::parse("unix:/run/x")->name();
  EXPECT_EQ(endpoint_of(reinterpret_cast<const sockaddr*>(&local.storage)), std::nullopt);
  const auto unspecified = SocketAddress::parse("inet:0.0.0.0:25")->name();
  EXPECT_EQ(endpoint_of(reinterpret_cast<const sockaddr*>(&unspecified.storage)), std::nullopt);
  const auto mapped = SocketAddress::parse("inet:[::ffff:192.0.2.1]:25")->name();
  EXPECT_EQ(endpoint_of(reinterpret_cast<const sockaddr*>(&mapped.storage))->format(), "192.0.2.1:25");
}

}  // namespace
}  // namespace tecs
