#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>

#include "unit/c_api/c_objects.hpp"

namespace tecs::c_api {
namespace {

std::string formatted(const tecs_endpoint& endpoint) {
  std::array<char, TECS_ENDPOINT_SIZE> text{};
  text.fill('x');
  Failure failure;
  if (tecs_endpoint_format(&endpoint, text.data(), failure.place()) != 0) return failure.reason();
  return text.data();
}

struct Row {
  const char* name;
  const char* text;
  std::string want;  // formatted again, or the reason
};

class EndpointText : public testing::TestWithParam<Row> {};

TEST_P(EndpointText, ParsesAndFormats) {
  tecs_endpoint endpoint{};
  Failure failure;
  if (tecs_endpoint_parse(GetParam().text, &endpoint, failure.place()) == 0) {
    EXPECT_EQ(formatted(endpoint), GetParam().want);
  } else {
    EXPECT_EQ(failure.reason(), GetParam().want);
    EXPECT_EQ(endpoint.family, 0) << "nothing was written";
  }
}

INSTANTIATE_TEST_SUITE_P(Table, EndpointText,
                         testing::Values(Row{"ipv4", "192.0.2.25:25", "192.0.2.25:25"},
                                         Row{"ipv6", "[2001:DB8:0::25]:65535", "[2001:db8::25]:65535"},
                                         Row{"longest", "[2001:db8:1111:2222:3333:4444:5555:6666]:65535",
                                             "[2001:db8:1111:2222:3333:4444:5555:6666]:65535"},
                                         Row{"mapped", "[::ffff:192.0.2.25]:25", "192.0.2.25:25"},  //
                                         Row{"port_0", "192.0.2.25:0", "bad-endpoint"},
                                         Row{"no_port", "192.0.2.25", "bad-endpoint"},
                                         Row{"unspecified", "0.0.0.0:25", "bad-endpoint"},
                                         Row{"scoped", "[fe80::1%eth0]:25", "bad-endpoint"},  //
                                         Row{"name", "mx.example.org:25", "bad-endpoint"},
                                         Row{"empty", "", "bad-endpoint"}),
                         [](const auto& row) { return row.param.name; });

TEST(Endpoint, HasItsOctetsInNetworkOrderAndItsPortInThatOfTheHost) {
  const tecs_endpoint ipv4 = endpoint("192.0.2.25:258");
  EXPECT_EQ(ipv4.family, 4);
  EXPECT_EQ(ipv4.port, 258);
  const std::array<std::uint8_t, 16> want{192, 0, 2, 25};
  EXPECT_TRUE(std::equal(want.begin(), want.end(), std::begin(ipv4.address)));
  const tecs_endpoint ipv6 = endpoint("[2001:db8::1]:25");
  EXPECT_EQ(ipv6.family, 6);
  EXPECT_EQ(ipv6.address[0], 0x20);
  EXPECT_EQ(ipv6.address[15], 1);
}

// The layout is part of the ABI.
static_assert(sizeof(tecs_endpoint) == 20 && offsetof(tecs_endpoint, address) == 4);
static_assert(sizeof(tecs_tuple) == 40 && offsetof(tecs_tuple, source) == 20);

TEST(Endpoint, ThatTheCallerFilledInIsChecked) {
  tecs_endpoint endpoint{};
  EXPECT_EQ(formatted(endpoint), "bad-endpoint") << "all zeros, as memset leaves it";
  endpoint = {25, 7, 0, {192, 0, 2, 25}};
  EXPECT_EQ(formatted(endpoint), "bad-endpoint") << "no such family";
  endpoint = {25, 4, 0, {192, 0, 2, 25}};
  EXPECT_EQ(formatted(endpoint), "192.0.2.25:25");
  endpoint = {25, 4, 1, {192, 0, 2, 25}};
  EXPECT_EQ(formatted(endpoint), "bad-endpoint") << "what is reserved";
  endpoint = {25, 4, 0, {192, 0, 2, 25, 1}};
  EXPECT_EQ(formatted(endpoint), "bad-endpoint") << "the first octet behind an IPv4 address";
  endpoint = {25, 4, 0, {192, 0, 2, 25, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}};
  EXPECT_EQ(formatted(endpoint), "bad-endpoint") << "the last octet";
}

TEST(Endpoint, ComesFromAnAddressOfASocket) {
  sockaddr_in ipv4{};
  ipv4.sin_family = AF_INET;
  ipv4.sin_port = htons(25);
  inet_pton(AF_INET, "192.0.2.25", &ipv4.sin_addr);
  sockaddr_in6 mapped{};
  mapped.sin6_family = AF_INET6;
  mapped.sin6_port = htons(40213);
  inet_pton(AF_INET6, "::ffff:198.51.100.7", &mapped.sin6_addr);
  sockaddr_storage storage{};  // as accept() fills it in, with the length of what is in it
  std::memcpy(&storage, &mapped, sizeof mapped);

  tecs_endpoint endpoint{};
  EXPECT_EQ(tecs_endpoint_from_sockaddr(reinterpret_cast<sockaddr*>(&ipv4), sizeof ipv4, &endpoint, nullptr),
            0);
  EXPECT_EQ(formatted(endpoint), "192.0.2.25:25");
  EXPECT_EQ(
      tecs_endpoint_from_sockaddr(reinterpret_cast<sockaddr*>(&storage), sizeof mapped, &endpoint, nullptr),
      0);
  EXPECT_EQ(formatted(endpoint), "198.51.100.7:40213");
  EXPECT_EQ(
      tecs_endpoint_from_sockaddr(reinterpret_cast<sockaddr*>(&storage), sizeof storage, &endpoint, nullptr),
      0)
      << "longer is no harm";
}

TEST(Endpoint, DoesNotComeFromOtherAddresses) {
  sockaddr_in6 scoped{};
  scoped.sin6_family = AF_INET6;
  scoped.sin6_port = htons(25);
  scoped.sin6_scope_id = 2;
  inet_pton(AF_INET6, "fe80::1", &scoped.sin6_addr);
  sockaddr_un local{};
  local.sun_family = AF_UNIX;
  const auto reason = [](const void* address, size_t length) {
    Failure failure;
    tecs_endpoint endpoint{};
    EXPECT_EQ(tecs_endpoint_from_sockaddr(static_cast<const sockaddr*>(address), length, &endpoint,
                                          failure.place()),
              -1);
    return failure.reason();
  };
  EXPECT_EQ(reason(&scoped, sizeof scoped), "bad-endpoint");
  EXPECT_EQ(reason(&local, sizeof local), "bad-endpoint");
  const auto exact = std::make_unique<sockaddr_in6>(scoped);  // whose end AddressSanitizer watches
  exact->sin6_scope_id = 0;
  EXPECT_EQ(reason(exact.get(), sizeof(sockaddr_in)), "bad-endpoint") << "shorter than its family says";
  EXPECT_EQ(reason(exact.get(), 1), "bad-endpoint");
  EXPECT_EQ(reason(exact.get(), 0), "bad-endpoint");
}

}  // namespace
}  // namespace tecs::c_api
